// The command that tells the story of a message that no page has room for: where the run's folder lies is not in its record.

export const explainCommand = 'npx leaderfall explain RUN PRODUCER:SEQUENCE';
