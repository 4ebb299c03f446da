"""附件: downloading and previewing evidence, within the scope of its case."""
