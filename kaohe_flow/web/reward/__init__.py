"""奖励加分: claims, verification, public notice and objections."""
