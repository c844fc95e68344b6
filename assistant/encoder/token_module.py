"""A transformer whose weights were not read from a folder, as the first module of a SentenceTransformer."""

from typing import TYPE_CHECKING

from torch import Tensor, nn

if TYPE_CHECKING:
    from transformers import BertModel


class TokenModule(nn.Module):
    """Adds `token_embeddings`, a tensor of shape (n, longest, dimension), to the features."""

    def __init__(self, model: "BertModel") -> None:
        super().__init__()
        self.model = model

    def forward(self, features: dict[str, Tensor]) -> dict[str, Tensor]:
        out = self.model(input_ids=features["input_ids"], attention_mask=features["attention_mask"])
        return {**features, "token_embeddings": out.last_hidden_state}
