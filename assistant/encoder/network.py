"""A BERT encoder in plain torch (Devlin et al., 2019), with the mean of the word pieces as the vector of a text.

transformers has the same as BertModel, but takes seconds to import: the first question after a start would wait for it.
"""

from collections.abc import Callable

from torch import Tensor, nn
from torch.nn.functional import gelu, scaled_dot_product_attention


class _Layer(nn.Module):
    """Attention and feed-forward, each added to what comes in and normalised."""

    def __init__(self, hidden: int, heads: int, feed_forward: int, epsilon: float) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(hidden, 3 * hidden)
        self.out = nn.Linear(hidden, hidden)
        self.norm = nn.LayerNorm(hidden, epsilon)
        self.up = nn.Linear(hidden, feed_forward)
        self.down = nn.Linear(feed_forward, hidden)
        self.last_norm = nn.LayerNorm(hidden, epsilon)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        q, k, v = self.qkv(x).unflatten(2, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        seen = scaled_dot_product_attention(q, k, v, attn_mask=mask)
        x = self.norm(x + self.out(seen.transpose(1, 2).flatten(2)))
        return self.last_norm(x + self.down(gelu(self.up(x))))  # type: ignore[no-any-return]


class Network(nn.Module):
    """Takes `input_ids` and `attention_mask`, both (n, longest); gives `token_embeddings` (n, longest, hidden) and
    `sentence_embedding` (n, hidden), as a sentence-transformers model does. `words` gives the vectors (n, longest,
    hidden) of word pieces by their numbers (n, longest)."""

    def __init__(
        self,
        words: Callable[[Tensor], Tensor],
        hidden: int,
        layers: int,
        heads: int,
        feed_forward: int,
        positions: int,
        epsilon: float,
    ) -> None:
        super().__init__()
        self.words = words
        self.places = nn.Embedding(positions, hidden)
        self.norm = nn.LayerNorm(hidden, epsilon)
        self.layers = nn.ModuleList(_Layer(hidden, heads, feed_forward, epsilon) for _ in range(layers))

    def forward(self, features: dict[str, Tensor]) -> dict[str, Tensor]:
        ids, mask = features["input_ids"], features["attention_mask"]
        places = self.places.weight[: ids.shape[1]]
        x = self.norm(self.words(ids).to(places.dtype) + places)
        seen = mask[:, None, None, :].bool()
        for layer in self.layers:
            x = layer(x, seen)
        weights = mask[:, :, None].to(x.dtype)
        return {"token_embeddings": x, "sentence_embedding": (x * weights).sum(1) / weights.sum(1)}
