//! Who owns a page: `owners.yaml` and CODEOWNERS, GitLab's sections included.
