// Who asked for a run, as the environment of a CI tells it: GitHub Actions, GitLab CI, Jenkins.
import type { Io } from './io.ts';
import type { Origin } from '../../reports/trend/history-line.ts';

/** Null what nobody told. */
export function originOf(env: Io['env']): Origin {
  const first = (...names: readonly string[]): string | null => names.map((name) => env[name]).find((value) => value !== undefined && value !== '') ?? null;
  const [server, repository, run] = ['GITHUB_SERVER_URL', 'GITHUB_REPOSITORY', 'GITHUB_RUN_ID'].map((name) => first(name));
  return {
    commit: first('GITHUB_SHA', 'CI_COMMIT_SHA', 'GIT_COMMIT'),
    // On a pull request GITHUB_REF_NAME is "12/merge": the branch says more.
    ref: first('GITHUB_HEAD_REF', 'GITHUB_REF_NAME', 'CI_COMMIT_REF_NAME', 'BRANCH_NAME', 'GIT_BRANCH'),
    url: run !== null && server !== null && repository !== null ? `${server}/${repository}/actions/runs/${run}` : first('CI_JOB_URL', 'BUILD_URL'),
  };
}
