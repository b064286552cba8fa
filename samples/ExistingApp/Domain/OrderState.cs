namespace ExistingApp.Domain;

public enum OrderState
{
    Placed,
    Shipped,
    Cancelled,
}
