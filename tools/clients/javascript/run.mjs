// Creates the tuning job of a file, waits for its end, and prints what the service returned as JSON.
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
let refused;
try {
  await client.send(new CreateHyperParameterTuningJobCommand(request));
} catch (error) {
  refused = error.name;
}
console.log(JSON.stringify({ described, names, found: found.Results.length, refused }));
