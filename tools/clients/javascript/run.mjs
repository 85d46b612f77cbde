// Creates the tuning job of the request in a file, waits for its end, and prints JSON: the last response of Describe,
// the names of the training jobs, how many of them Search finds, and the error of a second Create.
import { readFileSync } from "node:fs";
import {
  CreateHyperParameterTuningJobCommand,
  DescribeHyperParameterTuningJobCommand,
  SageMakerClient,
  SearchCommand,
  paginateListTrainingJobs,
} from "@aws-sdk/client-sagemaker";

const client = new SageMakerClient({});
const request = JSON.parse(readFileSync(process.argv[2], "utf8"));
const { HyperParameterTuningJobName } = request;
const created = await client.send(new CreateHyperParameterTuningJobCommand(request));
let described;
do {
  await new Promise((resolve) => setTimeout(resolve, 200));
  described = await client.send(new DescribeHyperParameterTuningJobCommand({ HyperParameterTuningJobName }));
} while (described.HyperParameterTuningJobStatus === "InProgress");
const names = [];
for await (const page of paginateListTrainingJobs({ client, pageSize: 1 }, {})) {
  names.push(...page.TrainingJobSummaries.map((job) => job.TrainingJobName));
}
const found = await client.send(
  new SearchCommand({
    Resource: "TrainingJob",
    SearchExpression: {
      Filters: [{ Name: "TuningJobArn", Operator: "Equals", Value: created.HyperParameterTuningJobArn }],
    },
  }),
);
let rejected;
try {
  await client.send(new CreateHyperParameterTuningJobCommand(request));
} catch (error) {
  rejected = error.name;
}
console.log(JSON.stringify({ described, names, found: found.Results.length, rejected }));
