"""Sign-in by OpenID Connect: begin, finish, and who somebody is according to the provider."""
