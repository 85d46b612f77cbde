"""The images of SageMaker's own algorithms, and what is known of each algorithm.

An image is first-party when one of AWS's registry accounts holds it under the name of an algorithm. The accounts are
those of `image_uri_config` in aws/sagemaker-python-sdk; the facts about an algorithm those of its pages in the
developer guide, of which `page` names the one on tuning. To add an algorithm, name its repository in `_REGISTRIES`
and describe it in `_ALGORITHMS`; to add a region, put its account into `_SHARED`.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from hptsdk._validation import guide_page

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "algorithm_of",
    "is_custom_image",
    "metrics_of",
    "page_of",
    "required_of",
    "saves_checkpoints",
    "tunable_of",
]

# Repositories of algorithms, and the accounts that hold just these together, each in one older region.
_REGISTRIES = {
    "blazingtext image-classification object-detection semantic-segmentation seq2seq xgboost": (
        "811284229777 825641698319 632365934929 433757028032 501404015308 306986355934 544295431143 813361260812 "
        "685385470294"
    ),
    "factorization-machines ipinsights kmeans knn linear-learner ntm object2vec pca randomcutforest": (
        "382416733822 404615174143 174872318107 351501993468 835164637446 712309505854 664544806723 438346466558"
    ),
    "forecasting-deepar": (
        "522234722520 566113047672 156387875391 633353088612 204372634319 514117268639 495149712605 224300973850"
    ),
    "lda": "766337827248 999911452149 266724342769 258307448986 293181348795 297031611018 353608530281 999678624901",
    "sagemaker-xgboost": (
        "683313688378 257758044811 746614075791 246618743249 510948584623 651117190479 354813040037 366743142698 "
        "720646828776 121021644041 783357654285 341280168497 450853457545 451049120500 492215442770 662702820516 "
        "978288397137 141502667606 764974769150 659782779980 801668240914 737474898029 414596584902 833128469047 "
        "281123927165"
    ),
}

# Accounts that hold several of these groups, of one region each.
_SHARED = (
    "455444449433 286214385809 867004704886 991648021394 628508329040 475088953585 951798379941 106583098589 "
    "469771592824 190319476487 390948362332 387376663083 680994064768 669576153137 257386234256 104374241257 "
    "644912444149 749696950732 898809789911 272398656194 249704162688 855470959533 237065988967 226302683700 "
    "490574956308 765400339828 108575199400 124985052026"
)

_ACCOUNTS = frozenset(" ".join([*_REGISTRIES.values(), _SHARED]).split())

# The algorithm that a repository holds.
_REPOSITORIES = {name: name.removeprefix("sagemaker-") for name in " ".join(_REGISTRIES).split()}

# AWS's images for code of one's own that stand in the same accounts.
_FRAMEWORKS = frozenset({"sagemaker-scikit-learn"})

# dg/model-checkpoints; the repository `xgboost` holds releases before 0.90, which save none.
_WITH_CHECKPOINTS = frozenset(
    {"image-classification", "object-detection", "semantic-segmentation", "sagemaker-xgboost"}
)


class _Algorithm(NamedTuple):
    """What is known of one algorithm.

    `maximize` and `minimize` are the metrics that it emits, by the direction that betters them. Training fails without
    the hyperparameters in `required`, and without a key of `required_if` where another one has one of some values.
    `tunable` are those that a search may vary, each with the bounds of what the algorithm takes, if there are any:
    `name`, `name low..`, or `name low..high`.
    """

    page: str
    maximize: str = ""
    minimize: str = ""
    required: str = ""
    required_if: Mapping[str, tuple[str, str]] = {}
    tunable: str = ""


def _of_both(text: str) -> str:
    """Give metrics that are computed of the training and of the validation data."""
    return " ".join(f"{data}:{name}" for data in ("train", "validation") for name in text.split())


def _of_held_out(text: str) -> str:
    """Give metrics that are computed of the test and of the validation data."""
    return " ".join(f"{data}:{name}" for data in ("test", "validation") for name in text.split())


_ALGORITHMS = {
    "blazingtext": _Algorithm(
        page="dg/blazingtext-tuning",
        maximize="train:mean_rho validation:accuracy",
        required="mode",
        tunable="batch_size 1.., buckets 1.., epochs 1.., learning_rate 0.., min_count 0.., mode, negative_samples 1..,"
        "sampling_threshold 0..1, vector_dim 1.., window_size 1.., word_ngrams 1..",
    ),
    "factorization-machines": _Algorithm(
        page="dg/fm-tuning",
        maximize="test:binary_classification_accuracy test:binary_f_beta",
        minimize="test:rmse test:binary_classification_cross_entropy",
        required="feature_dim num_factors predictor_type",
        tunable="bias_init_scale 0.., bias_init_sigma 0.., bias_init_value, bias_lr 0.., bias_wd 0..,"
        "epoch, epochs 1.., factors_init_scale 0.., factors_init_sigma 0.., factors_init_value, factors_lr 0..,"
        "factors_wd 0.., linear_init_scale 0.., linear_init_sigma 0.., linear_init_value, linear_lr 0.., linear_wd 0..,"
        "mini_batch_size 1..",
    ),
    "forecasting-deepar": _Algorithm(
        page="dg/deepar-tuning",
        minimize="test:RMSE test:mean_wQuantileLoss train:final_loss",
        required="context_length epochs prediction_length time_freq",
        tunable="epochs 1.., context_length 1.., mini_batch_size 1.., learning_rate 0.., num_cells 1.., num_layers 1..,"
        "dropout_rate 0..1, embedding_dimension 1..",
    ),
    "image-classification": _Algorithm(
        page="dg/IC-tuning",
        maximize="train:accuracy train:accuracy:epoch validation:accuracy validation:accuracy:epoch",
        required="num_classes num_training_samples",
        tunable="beta_1 0..1, beta_2 0..1, eps 0..1, gamma 0..1, learning_rate 0..1, mini_batch_size 1..,"
        "momentum 0..1, optimizer, weight_decay 0..1",
    ),
    "ipinsights": _Algorithm(
        page="dg/ip-insights-tuning",
        maximize="validation:discriminator_auc train:binary_classification_accuracy "
        "train:binary_classification_accuracy:epoch",
        minimize="train:binary_classification_cross_entropy train:binary_classification_cross_entropy:epoch",
        required="num_entity_vectors vector_dim",
        tunable="epochs 1.., learning_rate 1e-6..10, mini_batch_size 1..500000, num_entity_vectors 1..250000000,"
        "num_ip_encoder_layers 0..100, random_negative_sampling_rate 0..500, shuffled_negative_sampling_rate 0..500,"
        "vector_dim 4..4096, weight_decay 0..10",
    ),
    "kmeans": _Algorithm(
        page="dg/k-means-tuning",
        minimize="test:msd test:ssd train:msd",
        required="feature_dim k",
        tunable="epochs 1.., extra_center_factor 1.., init_method, mini_batch_size 1..",
    ),
    "knn": _Algorithm(
        page="dg/kNN-tuning",
        maximize="test:accuracy",
        minimize="test:mse",
        required="feature_dim k predictor_type sample_size",
        tunable="k 1.., sample_size 1..",
    ),
    "lda": _Algorithm(
        page="dg/lda-tuning",
        maximize="test:pwll",
        required="num_topics feature_dim mini_batch_size",
        tunable="alpha0 0.., num_topics 1..",
    ),
    "linear-learner": _Algorithm(
        page="dg/linear-learner-tuning",
        maximize=_of_held_out(
            "binary_classification_accuracy binary_f_beta dcg macro_f_beta macro_precision macro_recall "
            "multiclass_accuracy multiclass_top_k_accuracy precision recall roc_auc_score"
        )
        + " train:binary_classification_accuracy train:binary_f_beta train:precision train:recall",
        minimize=_of_held_out("absolute_loss mse objective_loss rmse")
        + " validation:objective_loss:final train:objective_loss train:objective_loss:final train:absolute_loss"
        " train:mse",
        required="predictor_type",
        required_if={"num_classes": ("predictor_type", "multiclass_classifier")},
        tunable="wd 0.., l1 0.., learning_rate 0.., mini_batch_size 1.., use_bias, positive_example_weight_mult 0..",
    ),
    "ntm": _Algorithm(
        page="dg/ntm-tuning",
        minimize="validation:total_loss",
        required="feature_dim num_topics",
        tunable="encoder_layers_activation, learning_rate 1e-6..1, mini_batch_size 1..10000, optimizer,"
        "rescale_gradient 1e-3..1, weight_decay 0..1",
    ),
    "object-detection": _Algorithm(
        page="dg/object-detection-tuning",
        maximize="validation:mAP",
        minimize="train:cross_entropy train:smooth_l1",
        required="num_classes num_training_samples",
        tunable="learning_rate 0..1, mini_batch_size 1.., momentum 0..1, optimizer, weight_decay 0..1",
    ),
    "object2vec": _Algorithm(
        page="dg/object2vec-tuning",
        maximize=_of_held_out("accuracy"),
        minimize=_of_held_out("mean_squared_error cross_entropy"),
        required="enc0_max_seq_len enc0_vocab_size",
        tunable="dropout 0..1, early_stopping_patience 1..5, early_stopping_tolerance 0.000001..0.1, enc_dim 4..10000,"
        "enc0_cnn_filter_width 1..9, enc0_layers 1..4, enc0_token_embedding_dim 2..1000, enc1_cnn_filter_width 1..9,"
        "enc1_layers 1..4, enc1_token_embedding_dim 2..1000, epochs 1..100, learning_rate 1e-6..1,"
        "mini_batch_size 1..10000, mlp_activation, mlp_dim 2..10000, mlp_layers 0..10, optimizer,"
        "weight_decay 0..10000",
    ),
    "pca": _Algorithm(page="dg/PCA-reference", required="feature_dim mini_batch_size num_components"),
    "randomcutforest": _Algorithm(
        page="dg/random-cut-forest-tuning",
        maximize="test:f1",
        required="feature_dim",
        tunable="num_samples_per_tree 1..2048, num_trees 50..1000",
    ),
    "semantic-segmentation": _Algorithm(
        page="dg/semantic-segmentation-tuning",
        maximize="validation:mIOU validation:pixel_accuracy",
        required="num_classes num_training_samples",
        tunable="learning_rate 0..1, mini_batch_size 1.., momentum 0..1, optimizer, weight_decay 0..1",
    ),
    "seq2seq": _Algorithm(
        page="dg/seq-2-seq-tuning",
        maximize="validation:accuracy validation:bleu",
        minimize="validation:perplexity",
        tunable="num_layers_encoder 1.., num_layers_decoder 1.., batch_size 1.., optimizer_type, weight_init_type,"
        "weight_init_scale, learning_rate 0.., weight_decay, momentum, clip_gradient, rnn_num_hidden, cnn_num_hidden,"
        "num_embed_source 1.., num_embed_target 1.., embed_dropout_source 0..1, embed_dropout_target 0..1,"
        "rnn_decoder_hidden_dropout 0..1, cnn_hidden_dropout 0..1, lr_scheduler_type, plateau_reduce_lr_factor,"
        "plateau_reduce_lr_threshold 1.., fixed_rate_lr_half_life 1..",
    ),
    "xgboost": _Algorithm(
        page="dg/xgboost-tuning",
        maximize=_of_both(
            "accuracy auc aucpr balanced_accuracy f1 f1_binary f1_macro interval-regression-accuracy map ndcg "
            "precision precision_macro precision_micro r2 recall recall_macro recall_micro"
        ),
        minimize=_of_both(
            "aft-nloglik cox-nloglik error gamma-deviance gamma-nloglik logloss mae mape merror mlogloss mphe mse "
            "poisson-nloglik rmse rmsle tweedie-nloglik"
        ),
        required="num_round",
        required_if={"num_class": ("objective", "multi:softmax multi:softprob")},
        tunable="alpha, colsample_bylevel 0..1, colsample_bynode 0..1, colsample_bytree 0..1, eta 0..1, gamma 0..,"
        "lambda, max_delta_step 0.., max_depth 0.., min_child_weight 0.., num_round 0.., subsample 0..1",
    ),
}


def _place_of(image: str) -> tuple[str, str]:
    """Give an image's registry account, empty text without one, and its repository."""
    registry, slash, rest = image.partition("/")
    if not slash:
        registry, rest = "", image
    repository = rest.partition("@")[0].partition(":")[0]
    account, dot, service = registry.partition(".")
    return (account if dot and service.startswith("dkr.ecr") else "", repository)


@lru_cache(maxsize=256)
def algorithm_of(image: str) -> str | None:
    """Name the first-party algorithm that an image holds; None where it is custom, or where that is in doubt."""
    account, repository = _place_of(image)
    return _REPOSITORIES.get(repository) if account in _ACCOUNTS else None


@lru_cache(maxsize=256)
def is_custom_image(image: str) -> bool:
    """Tell whether an image certainly holds no first-party algorithm, known or new."""
    account, repository = _place_of(image)
    return repository in _FRAMEWORKS or (account not in _ACCOUNTS and repository not in _REPOSITORIES)


def saves_checkpoints(image: str) -> bool:
    """Tell whether the first-party algorithm of an image resumes an interrupted job."""
    return _place_of(image)[1] in _WITH_CHECKPOINTS


def page_of(algorithm: str) -> str:
    """Give the address of the developer guide's page on tuning an algorithm."""
    return guide_page(_ALGORITHMS[algorithm].page)


@cache
def metrics_of(algorithm: str) -> frozenset[str] | None:
    """Give the metrics that an algorithm emits; None where they are not known."""
    known = _ALGORITHMS.get(algorithm)
    return frozenset(f"{known.maximize} {known.minimize}".split()) or None if known else None


@cache
def required_of(algorithm: str) -> tuple[tuple[str, ...], Mapping[str, tuple[str, frozenset[str]]]]:
    """Give the hyperparameters that an algorithm always needs, and those it needs if another has certain values."""
    known = _ALGORITHMS[algorithm]
    if_another = {name: (other, frozenset(values.split())) for name, (other, values) in known.required_if.items()}
    return tuple(known.required.split()), if_another


@cache
def tunable_of(algorithm: str) -> Mapping[str, tuple[str, str]] | None:
    """Give the hyperparameters that a search may vary, with their bounds, empty text for none; None if not known."""
    known = _ALGORITHMS[algorithm].tunable
    found: dict[str, tuple[str, str]] = {}
    for entry in known.split(",") if known else ():
        name, _, bounds = entry.strip().partition(" ")
        low, _, high = bounds.partition("..")
        found[name] = (low, high)
    return found or None
