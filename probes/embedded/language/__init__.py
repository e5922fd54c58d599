"""The embedded language models: small BERTs of sentences that grammars of our own write."""
