"""Do the parts of the page keep their promises? Uploads, additions, conversation, starters."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.models import Answer, Quote, Version
from index import AddProgress, AddResult, LibraryDocument
from index.errors import LibraryBusy, UsageError
from index.models import DocumentInfo
from ui.page_adding import AddingView, Addition
from ui.page_conversation import Conversation, answer_last
from ui.page_documents import LISTED, REST, documents_html, remove_document, ticked_names
from ui.page_uploads import UPLOADS, safe_name, take_in
from ui.wording import page_wording

WORDING = page_wording()


def listed(name="a.txt", title="A title", path=None):
    info = DocumentInfo(
        id=name, name=name, title=title, source=None, published=None, sha256="0" * 64
    )
    return LibraryDocument(
        number=1,
        info=info,
        path=str(path or f"/somewhere/{name}"),
        base=name,
        corpus_id=None,
        passages=3,
        characters=100,
    )


class FakeLibrary:
    """Reports what it is told to, and remembers what it was asked."""

    def __init__(self, reports=(), documents=(), folder=Path("/nowhere")):
        self.reports = reports
        self.listed = list(documents)
        self.folder = folder
        self.closed = False
        self.threads = set()

    def add_each(self, paths):
        """Report as told."""
        assert list(paths)
        try:
            for report in self.reports:
                self.threads.add(threading.get_ident())
                if isinstance(report, Exception):
                    raise report
                yield report
        finally:
            self.closed = True

    def documents(self):
        """List what is left."""
        return self.listed

    def remove(self, names):
        """Forget documents by name."""
        gone = [one.info.name for one in self.listed if one.info.name in set(names)]
        self.listed = [one for one in self.listed if one.info.name not in gone]
        return gone


class FakeAssistant:
    """Answers everything with one quote, and remembers what it was asked."""

    def __init__(self):
        self.asked = []

    def ask(self, question, history=(), documents=None):
        """Answer, unless the question is bad."""
        self.asked.append((question, tuple(history), documents))
        if "bad" in question:
            raise UsageError("<b>It is bad.</b>")
        quote = Quote(
            text="Yes.",
            start=0,
            end=4,
            highlight=None,
            document=listed().info,
            page=None,
            section=None,
            support=(),
        )
        return Answer(
            question=question,
            status="answered",
            text="It says.",
            rule="answered.one",
            confidence=0.9,
            quotes=(quote,),
            nearest=(),
            searched=question,
            differences=(),
            inferred=(),
            version=Version(askdocs="0", library="l", model="m"),
        )


class TestUploads:
    @given(st.text())
    def test_a_name_never_leads_out_of_the_folder(self, name):
        """Whatever a file is called, it lands in the folder of uploads, and is not hidden."""
        safe = safe_name(name)
        assert (Path("/library/files") / safe).parent == Path("/library/files")
        assert not safe.startswith(".")

    @pytest.mark.parametrize(
        ("name", "safe"),
        [
            ("report (1) – März.txt", "report (1) – März.txt"),
            ("../../etc/passwd", "passwd"),
            ("..\\..\\boot.ini", "boot.ini"),
            ("..", "file"),
            (".bashrc", "bashrc"),
            ("a\x00b\n.txt", "ab.txt"),
        ],
    )
    def test_ordinary_names_stay(self, name, safe):
        """An ordinary name is kept as it is; only what could do harm goes."""
        assert safe_name(name) == safe

    def test_a_refused_update_leaves_the_old_file(self, tmp_path):
        """When the library refuses a new version, the old one is in its place again."""
        first = upload(tmp_path, "a.txt", "old")
        take_in(first, tmp_path).keep()
        taken = take_in(upload(tmp_path, "a.txt", "new"), tmp_path)
        assert taken.path.read_text() == "new"
        taken.undo()
        assert taken.path.read_text() == "old"
        assert [path.name for path in (tmp_path / UPLOADS).iterdir()] == ["a.txt"]

    def test_an_update_replaces_the_old_file(self, tmp_path):
        """Under the same name there is one file, the newest."""
        for words in ("old", "new"):
            take_in(upload(tmp_path, "a.txt", words), tmp_path).keep()
        assert [path.read_text() for path in (tmp_path / UPLOADS).iterdir()] == ["new"]

    def test_two_files_of_one_name_dropped_together_are_two(self, tmp_path):
        """Of two files of one name in one drop, neither is lost."""
        one = take_in(upload(tmp_path, "a.txt", "one"), tmp_path)
        two = take_in(upload(tmp_path, "a.txt", "two"), tmp_path, taken={one.path.name})
        assert (one.path.name, two.path.name) == ("a.txt", "a (2).txt")


def upload(folder, name, words):
    """A file as Gradio leaves it: in a folder of its own."""
    path = folder / "tmp" / str(len(list(folder.rglob("*")))) / name
    path.parent.mkdir(parents=True)
    path.write_text(words)
    return path


def taken(tmp_path, *names):
    return [take_in(upload(tmp_path, name, name), tmp_path) for name in names]


class TestAddition:
    def test_refused_files_do_not_stay(self, tmp_path):
        """A file that the library refuses is not kept; one that it reads is."""
        good, bad = taken(tmp_path, "good.txt", "bad.pdf")
        library = FakeLibrary(
            [AddResult(str(good.path), "added", "", 1), AddResult(str(bad.path), "refused", "No.")]
        )
        assert [report.status for report in Addition(library, [good, bad]).reports()] == [
            "added",
            "refused",
        ]
        assert good.path.exists()
        assert not bad.path.exists()

    def test_cancelling_closes_the_stream_and_undoes_the_rest(self, tmp_path):
        """After Cancel what was reported stays, the rest is put back, and the library is closed."""
        uploads = taken(tmp_path, "a.txt", "b.txt")
        reports = [AddResult(str(one.path), "added", "", 1) for one in uploads]
        library = FakeLibrary(reports)
        addition = Addition(library, uploads)
        addition.cancel()
        assert list(addition.reports()) == reports[:1]
        assert library.closed
        assert [one.path.exists() for one in uploads] == [True, False]

    def test_it_works_in_one_thread_of_its_own(self, tmp_path):
        """The library's writer is one thread from beginning to end, and not the caller's."""
        [one] = taken(tmp_path, "a.txt")
        library = FakeLibrary([AddProgress(1, 1, str(one.path), "reading")] * 5)
        list(Addition(library, [one]).reports())
        assert len(library.threads) == 1
        assert threading.get_ident() not in library.threads

    def test_an_error_of_the_library_is_reported_and_others_are_raised(self, tmp_path):
        """A busy library is a report for the person; a fault of ours is raised, not swallowed."""
        [one] = taken(tmp_path, "a.txt")
        busy = LibraryBusy("Busy.")
        assert list(Addition(FakeLibrary([busy]), [one]).reports()) == [busy]
        [one] = taken(tmp_path, "a.txt")
        with pytest.raises(ZeroDivisionError):
            list(Addition(FakeLibrary([ZeroDivisionError()]), [one]).reports())
        assert not one.path.exists()


class TestAddingView:
    def test_it_says_how_far_it_is_and_how_it_ended(self):
        """Position, name and stage while it lasts; a line for each file and a sum at the end."""
        view = AddingView(["<a>.txt", "b.txt", "c.txt"], WORDING)
        view.show(AddProgress(2, 3, "/x/<a>.txt", "embedding", 1, 4))
        assert "2 of 3 · &lt;a&gt;.txt · reading → indexing 25 %" in view.html()
        assert "<progress" in view.html()
        view.show(AddResult("/x/<a>.txt", "added", "", 1))
        view.show(AddResult("/x/b.txt", "refused", "It is <empty>.", 0))
        view.finish(cancelled=True)
        assert "Cancelled: 1 added, 1 refused." in view.html()
        assert "refused: It is &lt;empty&gt;." in view.html()
        assert "not added, cancelled" in view.html()
        assert "<progress" not in view.html()


class TestConversation:
    def test_a_follow_up_gets_the_questions_before_it(self):
        """Earlier questions and answers are the history, oldest first; failed ones are not."""
        assistant = FakeAssistant()
        conversation = Conversation()
        for question in ("One?", "bad?", "Two?"):
            conversation = answer_last(
                conversation.begin(question), assistant, [listed()], [], WORDING
            )
        history = assistant.asked[-1][1]
        assert [(turn.role, turn.text) for turn in history] == [
            ("user", "One?"),
            ("assistant", "It says."),
        ]

    def test_a_fault_of_ours_leaves_no_question_waiting(self):
        """Whatever goes wrong is said where the answer would be, without its inner workings."""

        class Broken:
            def ask(self, question, history=(), documents=None):
                """Fail as no error of the house does."""
                raise ZeroDivisionError("secret")

        begun = Conversation().begin("?")
        assert begun.is_waiting
        ended = answer_last(begun, Broken(), [listed()], [], WORDING)
        assert not ended.is_waiting
        assert "fault of Askdocs" in ended.messages(WORDING)[-1][1]
        assert "secret" not in ended.messages(WORDING)[-1][1]

    def test_an_error_is_said_in_its_place(self):
        """What stands in the way of an answer is shown where the answer would be, escaped."""
        conversation = answer_last(
            Conversation().begin("bad?"), FakeAssistant(), [listed()], [], WORDING
        )
        role, reply = conversation.messages(WORDING)[-1]
        assert role == "assistant"
        assert "&lt;b&gt;It is bad.&lt;/b&gt;" in reply

    def test_all_ticked_means_no_filter(self):
        """With every document ticked nothing is filtered; else the names of the ticked go in."""
        assistant = FakeAssistant()
        documents = [listed("a.txt"), listed("b.txt")]
        for unticked in ([], ["b.txt"], ["gone.txt"]):
            answer_last(Conversation().begin("?"), assistant, documents, unticked, WORDING)
        assert [documents for _, _, documents in assistant.asked] == [None, ("a.txt",), None]

    @pytest.mark.parametrize(
        "link",
        ["cite-1-2", "cite-0-1", "cite-2-1", "cite-1", "cite-x-1", "cite-1-0", "", "cite-²-1"],
    )
    def test_a_citation_of_nothing_is_no_citation(self, link):
        """A link that names no quote of this conversation leads nowhere."""
        conversation = answer_last(
            Conversation().begin("?"), FakeAssistant(), [listed()], [], WORDING
        )
        assert conversation.citation("cite-1-1").quote.text == "Yes."
        with pytest.raises(LookupError):
            conversation.citation(link)


class TestDocuments:
    def test_names_and_titles_are_escaped(self):
        """Nothing of a document's name or title becomes markup."""
        markup = documents_html([listed('"><script>.txt', "<img src=x>")], WORDING)
        assert "<script" not in markup
        assert "<img" not in markup

    def test_a_large_library_is_listed_in_part_and_ticked_as_a_whole(self):
        """Documents beyond those listed follow All and None."""
        documents = [listed(f"{n}.txt") for n in range(LISTED + 5)]
        assert "and 5 more" in documents_html(documents, WORDING)
        assert len(ticked_names(documents, ["0.txt"])) == LISTED + 4
        assert len(ticked_names(documents, ["0.txt", REST])) == LISTED - 1

    def test_removing_deletes_only_the_page_s_own_copy(self, tmp_path):
        """The copy that the page made goes with the document; a person's own file stays."""
        [copy] = taken(tmp_path, "copy.txt")
        own = tmp_path / "own.txt"
        own.write_text("mine")
        library = FakeLibrary(
            documents=[listed("copy.txt", path=copy.path), listed("own.txt", path=own)]
        )
        uploads = tmp_path / UPLOADS
        assert remove_document(library, "copy.txt", uploads) == ["copy.txt"]
        assert remove_document(library, "own.txt", uploads) == ["own.txt"]
        assert remove_document(library, "none.txt", uploads) == []
        assert not copy.path.exists()
        assert own.exists()


class TestRemarks:
    def test_what_was_not_read_is_said_beside_the_document(self):
        """A document that was read whole has a ✓, another one a ⚠ with the reason, escaped."""

        class Remarked:
            """A document of which something was not read."""

            info, passages, remark = listed().info, 3, "Pages <2> and 3 hold no text."

        assert "✓" in documents_html([listed()], WORDING)
        markup = documents_html([Remarked()], WORDING)
        assert "✓" not in markup
        assert "⚠ Pages &lt;2&gt; and 3 hold no text." in markup
