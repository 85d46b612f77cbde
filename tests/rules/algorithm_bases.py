"""Valid requests of the algorithms with an ECR repository, as changes of the base "builtin"."""

JOB, CONFIG = "TrainingJobDefinition", "HyperParameterTuningJobConfig"
IMAGE = f"{JOB}.AlgorithmSpecification.TrainingImage"
STATIC, CHANNELS, RESOURCES = f"{JOB}.StaticHyperParameters", f"{JOB}.InputDataConfig", f"{JOB}.ResourceConfig"
OBJECTIVE, RANGES = f"{CONFIG}.HyperParameterTuningJobObjective", f"{CONFIG}.ParameterRanges"
TYPE, COUNT = f"{RESOURCES}.InstanceType", f"{RESOURCES}.InstanceCount"
REALS, INTEGERS = "ContinuousParameterRanges", "IntegerParameterRanges"
REAL, INTEGER = f"{RANGES}.{REALS}", f"{RANGES}.{INTEGERS}"

OTHERS, IMAGES = "382416733822.dkr.ecr.us-east-1.amazonaws.com", "811284229777.dkr.ecr.us-east-1.amazonaws.com"


def channel(name, content_type=None):
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://amzn-s3-demo-bucket/{name}/"}}
    return {"ChannelName": name, "DataSource": source} | ({"ContentType": content_type} if content_type else {})


def algorithm(image, objective, static, tuned, channels):
    """Return the changes of the base "builtin" for another algorithm.

    Args:
        image: the URI of its image.
        objective: the type and the name of the objective metric.
        static: the static hyperparameters.
        tuned: the name, the lowest and the highest value of the tuned hyperparameter, as text.
        channels: the names of the channels.
    """
    kind = REALS if "." in tuned[1] else INTEGERS
    return {
        IMAGE: image,
        OBJECTIVE: dict(zip(("Type", "MetricName"), objective, strict=True)),
        STATIC: static,
        RANGES: {kind: [dict(zip(("Name", "MinValue", "MaxValue"), tuned, strict=True))]},
        CHANNELS: [channel(name) for name in channels],
    }


GPU = {TYPE: "ml.g5.xlarge"}
IMAGE_SIZES = {"num_classes": "2", "num_training_samples": "100"}
BASES = {
    "blazingtext": algorithm(
        f"{IMAGES}/blazingtext:1",
        ("Maximize", "train:mean_rho"),
        {"mode": "skipgram"},
        ("vector_dim", "32", "300"),
        ["train"],
    ),
    "deepar": algorithm(
        "522234722520.dkr.ecr.us-east-1.amazonaws.com/forecasting-deepar:1",
        ("Minimize", "test:RMSE"),
        {"context_length": "9", "epochs": "9", "prediction_length": "9", "time_freq": "D"},
        ("num_cells", "30", "200"),
        ["train", "test"],
    ),
    "factorization-machines": algorithm(
        f"{OTHERS}/factorization-machines:1",
        ("Minimize", "test:rmse"),
        {"feature_dim": "9", "num_factors": "2", "predictor_type": "regressor"},
        ("mini_batch_size", "100", "1000"),
        ["train", "test"],
    ),
    "image-classification": algorithm(
        f"{IMAGES}/image-classification:1",
        ("Maximize", "validation:accuracy"),
        IMAGE_SIZES,
        ("mini_batch_size", "8", "64"),
        ["train", "validation"],
    )
    | GPU,
    "ipinsights": algorithm(
        f"{OTHERS}/ipinsights:1",
        ("Maximize", "validation:discriminator_auc"),
        {"num_entity_vectors": "20000", "vector_dim": "8"},
        ("epochs", "1", "100"),
        ["train", "validation"],
    ),
    "kmeans": algorithm(
        f"{OTHERS}/kmeans:1",
        ("Minimize", "test:msd"),
        {"feature_dim": "9", "k": "3"},
        ("mini_batch_size", "3000", "15000"),
        ["train", "test"],
    ),
    "knn": algorithm(
        f"{OTHERS}/knn:1",
        ("Maximize", "test:accuracy"),
        {"feature_dim": "9", "sample_size": "500", "predictor_type": "classifier"},
        ("k", "1", "1024"),
        ["train", "test"],
    ),
    "lda": algorithm(
        "766337827248.dkr.ecr.us-east-1.amazonaws.com/lda:1",
        ("Maximize", "test:pwll"),
        {"feature_dim": "9", "mini_batch_size": "9"},
        ("num_topics", "2", "150"),
        ["train", "test"],
    ),
    "linear-learner": algorithm(
        f"{OTHERS}/linear-learner:1",
        ("Minimize", "validation:objective_loss"),
        {"predictor_type": "regressor"},
        ("mini_batch_size", "100", "5000"),
        ["train", "validation"],
    ),
    "ntm": algorithm(
        f"{OTHERS}/ntm:1",
        ("Minimize", "validation:total_loss"),
        {"feature_dim": "9", "num_topics": "9"},
        ("mini_batch_size", "16", "2048"),
        ["train", "validation"],
    ),
    "object-detection": algorithm(
        f"{IMAGES}/object-detection:1",
        ("Maximize", "validation:mAP"),
        IMAGE_SIZES,
        ("mini_batch_size", "8", "64"),
        ["train", "validation"],
    )
    | GPU,
    "object2vec": algorithm(
        f"{OTHERS}/object2vec:1",
        ("Minimize", "validation:cross_entropy"),
        {"enc0_max_seq_len": "9", "enc0_vocab_size": "9"},
        ("enc_dim", "4", "4096"),
        ["train", "validation"],
    ),
    "randomcutforest": algorithm(
        f"{OTHERS}/randomcutforest:1",
        ("Maximize", "test:f1"),
        {"feature_dim": "9"},
        ("num_trees", "50", "1000"),
        ["train", "test"],
    ),
    "semantic-segmentation": algorithm(
        f"{IMAGES}/semantic-segmentation:1",
        ("Maximize", "validation:mIOU"),
        IMAGE_SIZES,
        ("mini_batch_size", "1", "128"),
        ["train", "validation"],
    )
    | GPU,
    "seq2seq": algorithm(
        f"{IMAGES}/seq2seq:1",
        ("Maximize", "validation:bleu"),
        {},
        ("num_layers_encoder", "1", "10"),
        ["train", "validation", "vocab"],
    )
    | GPU
    | {f"{CONFIG}.ResourceLimits.MaxNumberOfTrainingJobs": 9},
    "xgboost": {},
}
