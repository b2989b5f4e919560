"""What does a file say, and where in its text does each part stand?"""

from index.readers.detection import SUPPORTED_SUFFIXES
from index.readers.dispatch import read_file

__all__ = ["SUPPORTED_SUFFIXES", "read_file"]
