namespace ExistingApp.Tools;

public interface ICustomerTools
{
    Task<string> SendEmailAsync(string customerId, string subject, string body);
}
