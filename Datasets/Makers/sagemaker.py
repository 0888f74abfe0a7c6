"""What AWS records of a training job, in the AWS CLI's JSON: its description and its log events."""

import json
import re
import struct
from datetime import datetime, timedelta, timezone
from typing import Any

ACCOUNT = "123456789012"
REGION = "us-east-1"
BUCKET = f"sagemaker-{REGION}-{ACCOUNT}"

CREATED = datetime(2026, 5, 4, 9, 12, 3, 417000, timezone.utc)
DOWNLOADING = CREATED + timedelta(seconds=41, milliseconds=223)
TRAINING = CREATED + timedelta(seconds=98, milliseconds=54)
UPLOADING = CREATED + timedelta(seconds=121, milliseconds=309)
ENDED = CREATED + timedelta(seconds=133, milliseconds=870)
FIRST_LINE = TRAINING + timedelta(seconds=9)
LAST_LINE = UPLOADING - timedelta(seconds=4)


def cli_json(value: Any) -> str:
    return json.dumps(value, indent=4, ensure_ascii=False) + "\n"


def float32(text: str) -> float:
    """The double that SageMaker reports for a number in a log: it keeps single precision."""
    return struct.unpack("<f", struct.pack("<f", float(text)))[0]


def final_metrics(log: str, definitions: dict[str, str]) -> list[dict[str, Any]]:
    """The last match of each metric definition that matched, as FinalMetricDataList holds it."""
    seen = LAST_LINE.replace(microsecond=0).isoformat()
    return [
        {"MetricName": name, "Value": float32(matches[-1]), "Timestamp": seen}
        for name, regex in definitions.items()
        if (matches := re.findall(regex, log))
    ]


def transitions(failed: bool) -> list[dict[str, str]]:
    ending = ("Failed", "Training job failed") if failed else ("Completed", "Training job completed")
    steps = [
        ("Starting", CREATED, DOWNLOADING, "Preparing the instances for training"),
        ("Downloading", DOWNLOADING, TRAINING, "Downloading the training image"),
        ("Training", TRAINING, UPLOADING, "Training image download completed. Training in progress."),
        ("Uploading", UPLOADING, ENDED, "Uploading generated training model"),
        (ending[0], ENDED, ENDED, ending[1]),
    ]
    return [
        {"Status": status, "StartTime": start.isoformat(), "EndTime": end.isoformat(), "StatusMessage": message}
        for status, start, end, message in steps
    ]


def channel(job: str, name: str) -> dict[str, Any]:
    return {
        "ChannelName": name,
        "DataSource": {
            "S3DataSource": {
                "S3DataType": "S3Prefix",
                "S3Uri": f"s3://{BUCKET}/{job}/input/{name}/",
                "S3DataDistributionType": "FullyReplicated",
            }
        },
        "ContentType": "text/csv",
        "CompressionType": "None",
        "RecordWrapperType": "None",
    }


def description(
    job: str, hyperparameters: dict[str, str], definitions: dict[str, str], log: str, failure: str | None = None
) -> dict[str, Any]:
    """`aws sagemaker describe-training-job` of a job that completed, or failed with the reason given."""
    status = "Completed" if failure is None else "Failed"
    reason = {} if failure is None else {"FailureReason": failure}
    metrics = final_metrics(log, definitions)
    seconds = round((ENDED - DOWNLOADING).total_seconds())
    return {
        "TrainingJobName": job,
        "TrainingJobArn": f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:training-job/{job}",
        "ModelArtifacts": {"S3ModelArtifacts": f"s3://{BUCKET}/{job}/output/model.tar.gz"},
        "TrainingJobStatus": status,
        "SecondaryStatus": status,
        **reason,
        "HyperParameters": {
            **hyperparameters,
            "sagemaker_container_log_level": "20",
            "sagemaker_job_name": f'"{job}"',
            "sagemaker_program": '"train.py"',
            "sagemaker_region": f'"{REGION}"',
            "sagemaker_submit_directory": f'"s3://{BUCKET}/{job}/source/sourcedir.tar.gz"',
        },
        "AlgorithmSpecification": {
            "TrainingImage": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/scikit-learn-training:1.9.1-cpu-py3",
            "TrainingInputMode": "File",
            "MetricDefinitions": [{"Name": name, "Regex": regex} for name, regex in definitions.items()],
            "EnableSageMakerMetricsTimeSeries": False,
        },
        "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/SageMakerTrainingRole",
        "InputDataConfig": [channel(job, "train"), channel(job, "validation")],
        "OutputDataConfig": {"KmsKeyId": "", "S3OutputPath": f"s3://{BUCKET}/", "CompressionType": "GZIP"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30},
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        "CreationTime": CREATED.isoformat(),
        "TrainingStartTime": DOWNLOADING.isoformat(),
        "TrainingEndTime": ENDED.isoformat(),
        "LastModifiedTime": ENDED.isoformat(),
        "SecondaryStatusTransitions": transitions(failed=failure is not None),
        **({"FinalMetricDataList": metrics} if metrics else {}),
        "EnableNetworkIsolation": False,
        "EnableInterContainerTrafficEncryption": False,
        "EnableManagedSpotTraining": False,
        "TrainingTimeInSeconds": seconds,
        "BillableTimeInSeconds": seconds,
        "ProfilingStatus": "Disabled",
    }


def log_events(log: str) -> dict[str, Any]:
    """`aws logs get-log-events` of a log, its lines spread evenly over the training."""
    lines = log.splitlines()
    first, last = (round(time.timestamp() * 1000) for time in (FIRST_LINE, LAST_LINE))
    times = [first + (last - first) * index // (len(lines) - 1) for index in range(len(lines))]
    events = [
        {"timestamp": time, "message": line, "ingestionTime": last + 1204} for time, line in zip(times, lines)
    ]
    # An event's id begins with its time, shifted left by 144 bits.
    return {
        "events": events,
        "nextForwardToken": f"f/{times[-1] << 144:056d}/s",
        "nextBackwardToken": f"b/{times[0] << 144:056d}/s",
    }


def failure_reason(exit_code: int, command: str, errors: str) -> str:
    """FailureReason as SageMaker's training toolkit words it: 1,024 characters at most, the end of stderr kept."""
    head = f'AlgorithmError: ExecuteUserScriptError:\nExitCode {exit_code}\nErrorMessage "'
    tail = f'"\nCommand "{command}", exit code: {exit_code}'
    room = 1024 - len(head) - len(tail)
    return head + errors[-room:] + tail
