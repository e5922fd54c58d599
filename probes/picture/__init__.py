"""The probes about picture classifiers: each module here is one, and is found by being here."""
