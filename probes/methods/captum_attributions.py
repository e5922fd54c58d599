"""Attributions as Captum computes them: Grad-CAM and DeepLIFT."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from torch import Tensor, nn

from quizproof.probes.methods.attribution_settings import DeepLift, GradCam
from quizproof.probes.methods.fills import filled
from quizproof.probes.methods.scores import MethodError, Score
from quizproof.probes.models.classifiers import Classifier
from quizproof.questions.problems import QuizproofError, one_line

_COMPLETE = 1e-2  # of the change of the logit: a missing rule misses by about as much as it is


def grad_cam(classifier: Classifier, picture: Tensor, target: int, says: GradCam) -> Tensor:
    """The layer's map over the picture: (H, W), float64, signed unless rectified.

    Raises MethodError for a layer without a map, and ClassifierError.
    """
    from captum.attr import LayerGradCam

    layer = classifier.layer(says["layer"])
    try:
        found = LayerGradCam(Score(classifier, target, says["output"]), layer).attribute(
            picture[None].clone().requires_grad_(), relu_attributions=says["rectified"]
        )
    except QuizproofError:
        raise
    except Exception as error:  # Captum asserts, and torch raises, what a layer does not do
        raise MethodError(
            f"Grad-CAM cannot be had at layer {says['layer']} of {classifier.description} "
            f"({one_line(str(error), 120)}); name a convolution that the class depends on"
        ) from None
    if not isinstance(found, Tensor) or found.ndim != 4:
        raise MethodError(
            f"layer {says['layer']} of {classifier.description} gives no map over the picture, "
            "and Grad-CAM is of one; name a convolution"
        )
    stretched = {"align_corners": False} if says["stretched"] == "bilinear" else {}
    return nn.functional.interpolate(
        found.detach().double(), picture.shape[1:], mode=says["stretched"], **stretched
    )[0, 0].cpu()


def deeplift(classifier: Classifier, picture: Tensor, target: int, says: DeepLift) -> Tensor:
    """The contributions to the logit: (3, H, W), float64, signed.

    They add up to the logit's change from the baseline, or the network passes through what Captum
    has no rule for: MethodError.
    """
    from captum.attr import DeepLift as CaptumDeepLift

    score = Score(classifier, target, "logit")
    explained = picture[None].clone().requires_grad_()
    baseline = filled(picture, says["baseline"])[None]
    try:
        with _apart(classifier), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it tells that it hooks into modules
            found: Tensor = CaptumDeepLift(score).attribute(explained, baselines=baseline)[0]
    except QuizproofError:
        raise
    except Exception as error:  # what it cannot hook into, it says in many ways
        raise MethodError(
            f"DeepLIFT cannot go through {classifier.description} ({one_line(str(error), 120)}); "
            f"{_without_rule(classifier)}"
        ) from None
    found = found.detach().double().cpu()
    with_picture, without = score.seen.cpu().tolist()
    change, total = with_picture - without, float(found.sum())
    if not abs(total - change) <= _COMPLETE * abs(change) + 1e-5 * float(found.abs().sum()):
        raise MethodError(
            f"DeepLIFT's contributions add up to {total:.4g} and the logit changes by "
            f"{change:.4g}: it has no rule for something in {classifier.description}; "
            f"{_without_rule(classifier)}"
        )
    return found


@contextmanager
def _apart(classifier: Classifier) -> Iterator[None]:
    """Let no tensor be one module's output and the next one's input, and leave nothing on modules.

    Captum takes a module's output gradient before the next module has put its own rule in the place
    of it, where both hold the same tensor: of a ReLU before a pooling, contributions are wrong and
    no longer add up.
    """
    from captum.attr._core.deep_lift import SUPPORTED_NON_LINEAR

    with ExitStack() as mended:
        for module in classifier.net.modules():
            if type(module) in SUPPORTED_NON_LINEAR:
                hook = module.register_forward_pre_hook(lambda _, given: given[0].clone())
                mended.callback(hook.remove)
                for kept in ("input", "output"):  # left there by an exception
                    mended.callback(module.__dict__.pop, kept, None)
        yield


def _without_rule(classifier: Classifier) -> str:
    """The modules that DeepLIFT may have no rule for, for a person to look at."""
    from captum.attr._core.deep_lift import SUPPORTED_NON_LINEAR

    linear = ("Conv", "BatchNorm", "Linear", "AvgPool", "Flatten", "Dropout", "Identity", "Pad")
    named = [
        f"{name} ({type(module).__name__})"
        for name, module in classifier.net.named_modules()
        if not any(module.children())
        and type(module) not in SUPPORTED_NON_LINEAR
        and not any(each in type(module).__name__ for each in linear)
    ]
    if not named:
        return "it uses a module twice, or computes outside of modules; take another method"
    more = f" and {len(named) - 3} more" if len(named) > 3 else ""
    return f"it knows no rule for {', '.join(named[:3])}{more}; take another method"
