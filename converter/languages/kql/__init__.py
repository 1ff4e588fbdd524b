"""KQL (kuery) as Kibana reads it: parsing, lowering to the IR and printing back (spec kql)."""
