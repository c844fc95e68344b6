"""Everything that can be changed, in one place: SSR_* environment variables or a `.env` file."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings of the assistant; each field is the variable SSR_<NAME>."""

    model_config = SettingsConfigDict(
        env_prefix="SSR_", env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True
    )

    corpus: Path = Field(Path("corpus"), description="folder of documents; never written to by ingest")
    library: Path = Field(Path("library"), description="folder of the generations made from it")
    state: Path = Field(Path("state"), description="folder of conversations, feedback and the log of questions")
    keep_days: int = Field(90, gt=0, description="days that a conversation is kept after its last change")
    report: Path = Field(
        Path("build/evals/latest/report.json"), description="the evaluation that the quality page shows"
    )
    encoder: str = Field(
        "multilingual-e5-small",
        description="the model of the vectors: multilingual-e5-small, all-minilm-l6-v2, or a folder with a "
        "sentence-transformers model",
    )
    prepared_questions: bool = Field(True, description="lead questions like a prepared one to its place")
    chat_model: str | None = Field(
        None, description='a chat model, such as "ollama:llama3.1"; none: extractive answers'
    )
    chat_base_url: str | None = Field(None, description="an OpenAI-compatible server for the chat model")
    chat_timeout_s: float = Field(120, gt=0, description="longest time for an answer of the chat model, in seconds")
    strict: bool = Field(False, description="drop unsupported sentences of a chat model instead of marking them")
    staff_password: SecretStr | None = Field(None, description="opens the staff pages beyond this machine")
    read_timeout_s: float = Field(180, gt=0, description="longest time for reading one file")
    ocr_timeout_s: float = Field(3600, gt=0, description="the same where scanned pages are read by tesseract")
    read_memory_mb: int = Field(2048, gt=0, description="most memory for reading one file, in MiB")
    max_file_mb: int = Field(200, gt=0, description="largest file that is read, in MiB")
