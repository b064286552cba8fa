namespace ExistingApp.Domain;

public sealed record Order(string Number, string CustomerId, decimal Amount, OrderState State);
