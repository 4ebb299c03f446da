"""归口业务线: kinds of work and the department competent for each."""
