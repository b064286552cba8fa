namespace ExistingApp.Tools;

public interface IRefundTools
{
    string Refund(string order, decimal amount);
}
