import type { Section } from "./row";

export const state: Section = {
  title: "State, secrets, CI",
  rows: [
    {
      number: 41,
      slug: "secrets",
      fault: "somebody looks for secrets",
      gets: "none in `cdktf.out`, logs, plans or on a node's disk; state files are 0600 and git-ignored",
    },
    {
      number: 42,
      slug: "drift-in-ci",
      fault: "a drift check in CI",
      gets: "exit code 0 for none, 2 for drift, 1 for an error, for all stacks in one command",
    },
    {
      number: 43,
      slug: "two-applies",
      fault: "two applies at once",
      gets: "the second is refused at once by the state's lock, says who holds it, and has done nothing",
    },
    {
      number: 44,
      slug: "wrong-order",
      fault: "a stack is deployed before the one below it",
      gets: "refused, names the order",
    },
    {
      number: 45,
      slug: "terraform-unusable",
      fault: "Terraform is missing, too old, or its registry unreachable",
      gets: "too old: refused at once with both versions. Missing, or no registry: a line that says what to install or how to point to a mirror",
      note: "that line is from the commands that run Terraform themselves; `cdktf` prints its own",
    },
    {
      number: 150,
      slug: "secrets-in-runs",
      fault: "a secret is exported as `TF_VAR_…` while the workspaces execute remotely, or with an agent",
      gets: "refused by `check`, by every command and by `cdktf` before Terraform sends it, in clear text, as a variable of the run; with the name that is sent nowhere",
      note: "for `cdktf` on Linux: elsewhere its synthesis cannot see these variables",
    },
    {
      number: 151,
      slug: "empty-variable",
      fault:
        "a sensitive variable is empty, as an unset secret of CI is, or of another form: no `https://` URL, a CA in base64",
      gets: "refused by plan and destroy before any connection, and by our commands: an empty address would be the cluster of the runner itself; the value is not shown",
    },
    {
      number: 152,
      slug: "plan-left-behind",
      fault: "`cdktf diff` leaves a plan in a stack's folder, mode 0644, with what the state and the variables hold",
      gets: "the folder is its user's alone, the next synthesis removes the plan, and with Terraform Cloud it is not uploaded with a run",
    },
    {
      number: 153,
      slug: "asked-for-a-variable",
      fault: "a sensitive variable is missing where Terraform runs and nobody is there to be asked, as in CI",
      gets: "`cdktf` stops at synthesis and names it, instead of waiting for an answer for ever; our commands never ask",
      note: "on Linux; elsewhere with `TF_INPUT=0`, by Terraform",
    },
    {
      number: 154,
      slug: "run-on-server-fails",
      fault: "a run in Terraform Cloud fails, waits, or is discarded there",
      gets: "the diagnosis in one sentence, without colours and frames, with the run's address; a run that was not applied is an error",
      note: "`cdktf deploy` itself exits 0 for a run that was discarded: ask `npx baremetal-lb drift` afterwards",
    },
    {
      number: 155,
      slug: "plan-that-waits",
      fault: "`drift`, `heal`, `upgrade` or `adopt` plans where a server runs Terraform, and nobody applies it",
      gets: "the plan is speculative, and holds no workspace; after consent it is made once more and applied if it is still the same",
    },
    {
      number: 156,
      slug: "other-execution",
      fault: "`state.execution` says otherwise than the workspaces' own setting",
      gets: "an error that says which is which; what was sent is named, to be renewed",
    },
    {
      number: 157,
      slug: "adopted-secret-shown",
      fault: "`adopt` of a MetalLB whose memberlist secret exists, where a server runs Terraform",
      gets: "refused before anything is uploaded, with `--plan` too: the secret would stand in the uploaded file and in the run's log",
    },
    {
      number: 158,
      slug: "refused-destroy",
      fault: "the stack `kube-proxy` is destroyed while the SSH key is a Terraform variable",
      gets: "refused before anything is deleted, the record of the proof too, with the way out; after a deploy that failed kube-proxy stays as it is all the same",
    },
    {
      number: 159,
      slug: "state-left-behind",
      fault: "`state.backend` is changed to cloud while `.state` still has what was deployed",
      gets: "a warning at each synthesis that names the file and how many resources it has",
    },
    {
      number: 190,
      slug: "pull-request",
      fault: "a pull request changes the cluster in a way that its text does not show",
      gets: "one comment, kept up to date: what each stack and node would get, attribute by attribute, in words; which stack waits for another; why one cannot be planned",
    },
    {
      number: 191,
      slug: "approved-plan",
      fault: "the cluster or the code changes between the approval of a plan and its apply",
      gets: "nothing is applied: the plans are made again, and have to do exactly what was approved",
    },
    {
      number: 192,
      slug: "fork",
      fault: "a pull request comes from a fork, which gets no secrets",
      gets: "its configuration is checked, and the job says why nothing is planned; none of it runs in your network",
    },
    {
      number: 193,
      slug: "drift-issue",
      fault: "the cluster drifts while nobody looks",
      gets: "one issue, opened once, kept up to date each night, and closed when all is as declared again",
    },
    {
      number: 194,
      slug: "lock-file",
      fault: "a provider is not the one that the team locked",
      gets: "refused when Terraform is initialised: each stack has the team's `.terraform.lock.hcl`, whatever becomes of `cdktf.out`",
    },
  ],
};
