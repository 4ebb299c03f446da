"""Appeals (复议): a decision contested by the officer it concerns, from rung to rung of the ladder."""
