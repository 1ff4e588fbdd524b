"""Vocabularies that several targets share: the fields of Sysmon, of the Windows event log, of Sysmon for Linux."""
