// The CI workflows that `init` writes. They end with the run's exit code and keep the report whatever it says, and what it points to.
import type { BrokerName } from '../../model/cluster.ts';

export interface Workflow {
  readonly path: string;
  readonly text: string;
}

/** Where a cluster is started, what is missing on the machine is mended first: images are found, pulled or built. */
const doctorLine = (broker: BrokerName, prefix: string): string => (broker === 'memory' ? '' : `${prefix}npx leaderfall doctor --fix\n`);

export const githubWorkflow = (broker: BrokerName): Workflow => ({
  path: '.github/workflows/leaderfall.yml',
  text: `# Kills leaders, counts messages, and fails where a contract is violated. More recipes: node_modules/leaderfall/docs/ci.md
name: leaderfall
on:
  push:
  pull_request:
jobs:
  leaderfall:
    runs-on: ubuntu-24.04
    timeout-minutes: 45
    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-node@v5
        with: { node-version: 24 }
      - run: npm ci
${doctorLine(broker, '      - run: ')}      - run: npx leaderfall run --reporter html=leaderfall.html --reporter github
      - uses: actions/upload-artifact@v7
        if: always()
        with: { path: leaderfall.html, archive: false } # one file, which opens in the browser
      - uses: actions/upload-artifact@v7
        if: failure()
        with: { name: leaderfall-runs, path: reports/runs/20* } # histories, logs and each run's own report: what explain and report read
`,
});

export const gitlabWorkflow = (broker: BrokerName): Workflow => ({
  path: '.gitlab-ci.yml',
  text: `# Kills leaders, counts messages, and fails where a contract is violated. More recipes: node_modules/leaderfall/docs/ci.md
leaderfall:
  image: node:24
${broker === 'memory' ? '' : '  tags: [docker-socket] # a runner that mounts /var/run/docker.sock: brokers are started beside this job\n'}  timeout: 45 minutes
  script:
    - npm ci
${doctorLine(broker, '    - ')}    - npx leaderfall run --reporter html=leaderfall.html --reporter junit=leaderfall.xml --reporter openmetrics=leaderfall-metrics.txt
  artifacts:
    when: always
    expire_in: 30 days
    paths: [leaderfall.html, reports/runs/20*] # the page, and histories, logs and each run's own report: what explain and report read
    reports:
      junit: leaderfall.xml
      metrics: leaderfall-metrics.txt
`,
});
