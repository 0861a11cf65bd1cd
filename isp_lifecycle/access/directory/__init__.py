"""Directories by LDAP: Active Directory, OpenLDAP and their like."""
