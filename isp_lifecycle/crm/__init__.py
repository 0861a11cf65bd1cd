"""CRM: telling the customer system outside what became of orders and services."""
