namespace ExistingApp.Domain;

public sealed record Customer(string Id, string Name, string Email);
