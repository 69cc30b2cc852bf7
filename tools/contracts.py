"""One import-linter contract: other domains may import only a domain's public modules."""

from importlinter import Contract, ContractCheck, fields, output


class PublicSurfaceContract(Contract):
    """A module outside a domain imports only that domain's `public` modules. Domains in `open` may be entered anywhere; tests look where they must."""

    root = fields.StringField()
    public = fields.SetField(subfield=fields.StringField())
    open = fields.SetField(subfield=fields.StringField())

    def check(self, graph, verbose):
        broken = [
            (importer, module)
            for domain in sorted(graph.find_children(self.root))
            if domain.rpartition(".")[2] not in self.open
            for module in graph.find_descendants(domain)
            if module.split(".")[2] not in self.public
            for importer in graph.find_modules_that_directly_import(module)
            if self._is_outside(importer, domain)
        ]
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def _is_outside(self, importer: str, domain: str) -> bool:
        return ".tests" not in importer and not f"{importer}.".startswith((f"{domain}.", f"{self.root}.config."))

    def render_broken_contract(self, check):
        for importer, module in check.metadata["broken"]:
            output.print_error(f"{importer} reaches into {module}")
