"""How is the learned judge made? From labelled questions, by the files of this folder.

``examples.py`` reads the questions and makes windows of sentences, ``training.py`` fits the
weights and ``export.py`` writes ``assistant/judge.onnx``. Nothing here runs when a person asks.
"""
