from ctypes import CDLL

dll: CDLL
RATE: int
