from numpy import int16
from numpy.typing import NDArray

def resample(x: NDArray[int16], in_rate: float, out_rate: float, quality: str = ...) -> NDArray[int16]: ...
