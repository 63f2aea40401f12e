"""딥러닝 질문에 계산으로 답하는 작은 NumPy 라이브러리.

주제마다 모듈이 하나입니다. 쪽의 코드 셀은 이 모듈을 불러 쓰고, 이 모듈은 사이트를 모릅니다.
"""


def __getattr__(name: str) -> str:
    """설치된 버전을 물을 때에야 찾습니다. 찾는 데는 모듈 몇 개를 들이는 시간이 걸립니다."""
    if name == "__version__":
        from importlib.metadata import version

        return version(__name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
