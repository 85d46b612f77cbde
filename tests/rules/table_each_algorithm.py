"""Rows of the rules of algorithms, for each algorithm with an image of its own."""

from algorithm_bases import BASES, CHANNELS, CONFIG, COUNT, INTEGERS, OBJECTIVE, RANGES, REALS, STATIC, TYPE, channel
from rows import Row

ETA = {REALS: [{"Name": "eta", "MinValue": "0.1", "MaxValue": "0.5"}]}
FEW_JOBS = {f"{CONFIG}.ResourceLimits.MaxNumberOfTrainingJobs": 2}


def row(rule, name, change, correction, path):
    return Row(rule, BASES[name] | change, correction, path, base="builtin")


def static(rule, name, hyperparameter, wrong, right):
    """Set a static hyperparameter, and then another value; None removes it."""
    place = f"{STATIC}.{hyperparameter}"
    return row(rule, name, {place: wrong}, {place: right}, f'{STATIC}["{hyperparameter}"]')


def one_range(kind, tuned, low, high):
    return {RANGES: {kind: [{"Name": tuned, "MinValue": low, "MaxValue": high}]}} | FEW_JOBS


def bound(name, kind, values, member, right):
    """Tune a hyperparameter over a range with one bound that the algorithm does not allow."""
    place = f"{RANGES}.{kind}"
    return row(
        "algorithm-lets-it-be-tuned",
        name,
        one_range(kind, *values),
        {f"{place}.0.{member}": right},
        f"{place}[0].{member}",
    )


def kind(name, wrong, right, values):
    """Tune a hyperparameter with another type of range than the one that AWS documents."""
    change = one_range(wrong, *values)
    return row("range-type-of-the-algorithm", name, change, one_range(right, *values), f"{RANGES}.{wrong}[0].Name")


def needed_channel(name, needed, content_type=None):
    """Remove a channel that the algorithm needs, or that it needs for a content type of the data."""
    others = [each["ChannelName"] for each in BASES[name][CHANNELS] if each["ChannelName"] != needed]
    # that of the validation data, if both have a list or annotations
    others += [needed.replace("train", "validation")] if needed.startswith("train_") else []
    change = {CHANNELS: [channel(other, content_type if other == "train" else None) for other in others]}
    correction = {f"{CHANNELS}.{len(others)}": channel(needed)}
    return row("algorithm-has-its-channels", name, change, correction, CHANNELS)


def other_channel(name, other):
    """Add a channel that the algorithm does not read."""
    number = len(BASES[name][CHANNELS])
    added = {f"{CHANNELS}.{number}": channel(other)}
    return row("channel-is-read", name, added, {f"{CHANNELS}.{number}": None}, f"{CHANNELS}[{number}].ChannelName")


def first_channel(rule, name, member, wrong, right):
    """Set a member of the first channel, and then another value."""
    place = f"{CHANNELS}.0.{member}"
    return row(rule, name, {place: wrong}, {place: right}, f"{CHANNELS}[0].{member}")


DIRECTIONS = [
    row(
        "objective-type-of-the-algorithm",
        name,
        {OBJECTIVE: {"Type": wrong, "MetricName": metric}},
        {f"{OBJECTIVE}.Type": right},
        f"{OBJECTIVE}.Type",
    )
    # the names of other metrics show their directions, which another rule compares
    for name, metric, wrong, right in (
        ("blazingtext", "train:mean_rho", "Minimize", "Maximize"),
        ("kmeans", "test:ssd", "Maximize", "Minimize"),
        ("lda", "test:pwll", "Minimize", "Maximize"),
        ("object2vec", "validation:cross_entropy", "Maximize", "Minimize"),
        ("semantic-segmentation", "validation:mIOU", "Minimize", "Maximize"),
    )
]
# Image Classification, Object Detection, Semantic Segmentation and Sequence-to-Sequence need it for other reasons too.
DATA_OF_OBJECTIVES = [
    row(
        "objective-needs-its-channel",
        name,
        {f"{CHANNELS}.1": None},
        {f"{CHANNELS}.1": BASES[name][CHANNELS][1]},
        f"{OBJECTIVE}.MetricName",
    )
    for name in (
        "deepar",
        "factorization-machines",
        "ipinsights",
        "kmeans",
        "knn",
        "lda",
        "linear-learner",
        "ntm",
        "object2vec",
        "randomcutforest",
    )
]
MODES = [
    row(
        "objective-fits-the-hyperparameters",
        name,
        {OBJECTIVE: {"Type": direction, "MetricName": metric}, f"{STATIC}.{hyperparameter}": wrong}
        | ({f"{STATIC}.num_class": "3"} if wrong.startswith("multi:") else {}),
        {f"{STATIC}.{hyperparameter}": right} | ({f"{STATIC}.num_class": None} if wrong.startswith("multi:") else {}),
        f"{OBJECTIVE}.MetricName",
    )
    for name, metric, direction, hyperparameter, wrong, right in (
        ("blazingtext", "train:mean_rho", "Maximize", "evaluation", "False", "True"),
        ("factorization-machines", "test:rmse", "Minimize", "predictor_type", "binary_classifier", "regressor"),
        (
            "factorization-machines",
            "test:binary_f_beta",
            "Maximize",
            "predictor_type",
            "regressor",
            "binary_classifier",
        ),
        ("knn", "test:accuracy", "Maximize", "predictor_type", "regressor", "classifier"),
        ("linear-learner", "validation:mse", "Minimize", "predictor_type", "binary_classifier", "regressor"),
        ("linear-learner", "validation:recall", "Maximize", "predictor_type", "regressor", "binary_classifier"),
        ("object2vec", "validation:accuracy", "Maximize", "output_layer", "mean_squared_error", "softmax"),
        ("object2vec", "validation:mean_squared_error", "Minimize", "output_layer", "softmax", "mean_squared_error"),
        ("xgboost", "validation:rmse", "Minimize", "objective", "multi:softmax", "reg:gamma"),
        ("xgboost", "validation:error", "Minimize", "objective", "multi:softprob", "binary:logistic"),
        ("xgboost", "validation:ndcg", "Maximize", "objective", "multi:softprob", "rank:ndcg"),
        ("xgboost", "validation:mlogloss", "Minimize", "objective", "binary:logistic", None),
        ("xgboost", "validation:aft-nloglik", "Minimize", "objective", "survival:cox", "survival:aft"),
        ("xgboost", "validation:interval-regression-accuracy", "Minimize", "objective", "reg:gamma", "survival:aft"),
        ("xgboost", "validation:f1_binary", "Maximize", "objective", "reg:squarederror", "binary:hinge"),
    )
]
# word2vec's metric in supervised mode, with a hyperparameter of that mode
MODES += [
    row(
        "objective-fits-the-hyperparameters",
        "blazingtext",
        {f"{STATIC}.mode": "supervised"},
        {OBJECTIVE: {"Type": "Maximize", "MetricName": "validation:accuracy"}}
        | {f"{CHANNELS}.1": channel("validation")},
        f"{OBJECTIVE}.MetricName",
    )
]
NAMES = [
    static("hyperparameter-of-the-algorithm", name, wrong, "3", None)
    for name, wrong in (
        ("blazingtext", "vector_size"),
        ("deepar", "forecast_horizon"),
        ("factorization-machines", "num_epochs"),
        ("image-classification", "lr"),
        ("ipinsights", "embedding_dim"),
        ("kmeans", "n_clusters"),
        ("knn", "n_neighbors"),
        ("lda", "n_topics"),
        ("linear-learner", "batch_size"),
        ("ntm", "n_components"),
        ("object-detection", "num_class"),
        ("object2vec", "batch_size"),
        ("randomcutforest", "n_estimators"),
        ("semantic-segmentation", "lr"),
        ("seq2seq", "mini_batch_size"),
        ("xgboost", "num_leaves"),
    )
]
VALUES = [
    static("hyperparameter-value-is-allowed", name, hyperparameter, wrong, right)
    for name, hyperparameter, wrong, right in (
        ("blazingtext", "mode", "cbow2", "cbow"),
        ("deepar", "likelihood", "normal", "gaussian"),
        ("factorization-machines", "predictor_type", "classifier", "regressor"),
        ("image-classification", "num_layers", "19", "18"),
        ("ipinsights", "vector_dim", "4097", "4096"),
        ("kmeans", "k", "0", "1"),
        ("knn", "index_type", "faiss.HNSW", "faiss.Flat"),
        ("lda", "alpha0", "0", "0.1"),
        ("linear-learner", "learning_rate", "0", "auto"),
        ("ntm", "num_topics", "1", "2"),
        ("object-detection", "base_network", "resnet-101", "resnet-50"),
        ("object2vec", "enc0_max_seq_len", "5001", "5000"),
        ("randomcutforest", "num_samples_per_tree", "2049", "2048"),
        ("semantic-segmentation", "backbone", "resnet-18", "resnet-101"),
        ("seq2seq", "beam_size", "0", "1"),
    )
]
NEEDED = [
    row(
        "algorithm-has-what-it-needs",
        name,
        {f"{STATIC}.{hyperparameter}": None},
        {f"{STATIC}.{hyperparameter}": BASES[name][STATIC][hyperparameter]},
        f'{STATIC}["{hyperparameter}"]',
    )
    for name, hyperparameter in (
        ("blazingtext", "mode"),
        ("deepar", "time_freq"),
        ("factorization-machines", "num_factors"),
        ("image-classification", "num_training_samples"),
        ("ipinsights", "num_entity_vectors"),
        ("kmeans", "k"),
        ("knn", "sample_size"),
        ("lda", "mini_batch_size"),
        ("linear-learner", "predictor_type"),
        ("ntm", "num_topics"),
        ("object-detection", "num_classes"),
        ("object2vec", "enc0_vocab_size"),
        ("randomcutforest", "feature_dim"),
        ("semantic-segmentation", "num_classes"),
    )
]
OTHERS = [
    static("hyperparameter-has-an-effect", "blazingtext", "word_ngrams", "3", "2"),
    static("hyperparameter-has-an-effect", "factorization-machines", "bias_init_value", "1", None),
    static("hyperparameter-has-an-effect", "image-classification", "beta_1", "0.5", "0.9"),
    static("hyperparameter-has-an-effect", "linear-learner", "num_classes", "3", None),
    static("hyperparameter-has-an-effect", "object-detection", "early_stopping_patience", "9", "5"),
    static("hyperparameter-has-an-effect", "semantic-segmentation", "gamma1", "0.5", "0.9"),
    static("hyperparameter-has-an-effect", "seq2seq", "cnn_kernel_width_encoder", "5", "3"),
    static("hyperparameter-values-fit-together", "linear-learner", "loss", "hinge_loss", "huber_loss"),
    static("hyperparameter-values-fit-together", "linear-learner", "loss", "softmax_loss", "auto"),
]
OTHERS += [
    static("hyperparameter-has-an-effect", "xgboost", "num_class", "3", None),
    static("hyperparameter-has-an-effect", "xgboost", "lambda_bias", "0.5", "0"),
    static("hyperparameter-has-an-effect", "xgboost", "aft_loss_distribution", "normal", None),
    row(
        "hyperparameter-has-an-effect",
        "xgboost",
        {f"{STATIC}.gamma": "2", f"{STATIC}.booster": "gblinear", RANGES: ETA},
        {f"{STATIC}.booster": "dart"},
        f'{STATIC}["gamma"]',
    ),
    row(
        "hyperparameter-has-an-effect",
        "xgboost",
        {f"{STATIC}.max_bin": "128", f"{STATIC}.tree_method": "exact"},
        {f"{STATIC}.tree_method": "approx"},
        f'{STATIC}["max_bin"]',
    ),
    row(
        "range-has-an-effect",
        "xgboost",
        {f"{STATIC}.booster": "gblinear"},
        {RANGES: ETA},
        f"{RANGES}.{INTEGERS}[0].Name",
    ),
    row(
        "hyperparameter-values-fit-together",
        "xgboost",
        {f"{STATIC}.grow_policy": "lossguide", f"{STATIC}.tree_method": "exact"},
        {f"{STATIC}.tree_method": "hist"},
        f'{STATIC}["grow_policy"]',
    ),
    row(
        "hyperparameter-values-fit-together",
        "xgboost",
        {f"{STATIC}.updater": "grow_histmaker", f"{STATIC}.process_type": "update"},
        {f"{STATIC}.updater": "refresh,prune"},
        f'{STATIC}["updater"]',
    ),
    static("hyperparameter-values-fit-together", "xgboost", "sampling_method", "gradient_based", "uniform"),
    row(
        "hyperparameter-values-fit-together",
        "image-classification",
        {f"{STATIC}.num_layers": "20", f"{STATIC}.use_pretrained_model": "1"},
        {f"{STATIC}.num_layers": "18"},
        f'{STATIC}["num_layers"]',
    ),
    row(
        "hyperparameter-values-fit-together",
        "knn",
        {f"{STATIC}.index_metric": "COSINE", f"{STATIC}.index_type": "faiss.IVFPQ"},
        {f"{STATIC}.index_type": "faiss.IVFFlat"},
        f'{STATIC}["index_metric"]',
    ),
    row(
        "hyperparameter-values-fit-together",
        "linear-learner",
        {f"{STATIC}.loss": "squared_loss", f"{STATIC}.predictor_type": "binary_classifier"},
        {f"{STATIC}.loss": "logistic"},
        f'{STATIC}["loss"]',
    ),
]
BOUNDS = [
    bound("deepar", REALS, ("dropout_rate", "0.1", "1.5"), "MaxValue", "0.9"),
    bound("factorization-machines", REALS, ("bias_lr", "-1", "0.5"), "MinValue", "0"),
    bound("image-classification", REALS, ("learning_rate", "0.1", "2"), "MaxValue", "1"),
    bound("ipinsights", REALS, ("weight_decay", "0", "11"), "MaxValue", "10"),
    bound("kmeans", INTEGERS, ("epochs", "0", "5"), "MinValue", "1"),
    bound("knn", INTEGERS, ("k", "0", "5"), "MinValue", "1"),
    bound("lda", INTEGERS, ("num_topics", "0", "5"), "MinValue", "1"),
    bound("ntm", REALS, ("learning_rate", "0.1", "2"), "MaxValue", "1"),
    bound("object2vec", INTEGERS, ("epochs", "1", "101"), "MaxValue", "100"),
    bound("randomcutforest", INTEGERS, ("num_trees", "40", "90"), "MinValue", "50"),
    bound("seq2seq", REALS, ("embed_dropout_source", "0", "1.5"), "MaxValue", "1"),
]
KINDS = [
    kind("blazingtext", REALS, INTEGERS, ("vector_dim", "32", "300")),
    kind("deepar", REALS, INTEGERS, ("num_cells", "30", "200")),
    kind("image-classification", REALS, INTEGERS, ("mini_batch_size", "8", "64")),
    kind("kmeans", REALS, INTEGERS, ("epochs", "1", "9")),
    kind("linear-learner", INTEGERS, REALS, ("wd", "0", "3")),
    kind("object2vec", REALS, INTEGERS, ("enc_dim", "4", "90")),
    kind("randomcutforest", REALS, INTEGERS, ("num_trees", "50", "90")),
    kind("seq2seq", REALS, INTEGERS, ("num_layers_decoder", "1", "9")),
]
DATA = [
    *(other_channel(name, "labels") for name in BASES if name not in ("blazingtext", "xgboost")),
    other_channel("blazingtext", "validation")._replace(
        change=BASES["blazingtext"] | {f"{CHANNELS}.1": channel("validation"), f"{STATIC}.mode": "skipgram"}
    ),
    needed_channel("image-classification", "train_lst", "application/x-image"),
    needed_channel("object-detection", "train_annotation", "image/jpeg"),
    needed_channel("seq2seq", "vocab"),
    first_channel("content-type-is-read", "factorization-machines", "ContentType", "text/csv", None),
    first_channel("content-type-is-read", "ipinsights", "ContentType", "application/json", "text/csv"),
    first_channel("content-type-is-read", "kmeans", "ContentType", "text/libsvm", "text/csv"),
    first_channel("content-type-is-read", "object2vec", "ContentType", "text/csv", "application/jsonlines"),
    first_channel("content-type-is-read", "randomcutforest", "ContentType", "text/csv;label_size=2", "text/csv"),
    first_channel("input-mode-is-supported", "deepar", "InputMode", "Pipe", "File"),
    first_channel("input-mode-is-supported", "ipinsights", "InputMode", "Pipe", "FastFile"),
    first_channel("input-mode-is-supported", "seq2seq", "InputMode", "Pipe", "File"),
]
INSTANCES = [
    *(
        row("instance-count-is-supported", name, {COUNT: 2}, {COUNT: 1}, COUNT)
        for name in ("blazingtext", "lda", "object2vec", "semantic-segmentation", "seq2seq")
    ),
    *(
        row("processor-is-supported", name, {TYPE: "ml.c5.xlarge"}, {TYPE: "ml.p3.2xlarge"}, TYPE)
        for name in ("image-classification", "object-detection", "semantic-segmentation", "seq2seq")
    ),
    *(
        row("processor-is-supported", name, {TYPE: "ml.g5.xlarge"}, {TYPE: "ml.m5.xlarge"}, TYPE)
        for name in ("lda", "randomcutforest")
    ),
]

ROWS = [*DIRECTIONS, *DATA_OF_OBJECTIVES, *MODES, *NAMES, *VALUES, *NEEDED, *OTHERS, *BOUNDS, *KINDS, *DATA, *INSTANCES]
