"""A job as it is named on the command line, and what is known of it."""

from __future__ import annotations

from steplock.foreign.explanation import explanation
from steplock.model import Workflow
from steplock.repository import Repository
from steplock_hooks import targets
from steplock_hooks.complaint import Complaint
from steplock_hooks.tree import Tree


def explain(named: str) -> str:
    """Who can run the job `FILE:JOB`, and with what. Raises Complaint where there is no such job."""
    file, _, id = named.rpartition(":")
    if not file or not id:
        raise Complaint(f"--job {named}: name a workflow and a job in it, as in ci.yml:test")
    found = targets.find([file]).targets
    if not found:
        raise Complaint(f"--job {named}: no such file")
    tree = Tree(found[0].root)
    repository = Repository(tree.read, tree.folder)
    workflow = next((w for w in repository.files(found[0].path) if isinstance(w, Workflow)), None)
    if workflow is None:
        raise Complaint(f"--job {named}: {file} is no workflow")
    job = workflow.job(id)
    if job is None:
        there = ", ".join(one.id for one in workflow.jobs) or "none"
        raise Complaint(f"--job {named}: no such job; there are: {there}")
    return explanation(job, repository)
