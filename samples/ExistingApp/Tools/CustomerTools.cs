using ExistingApp.Data;

namespace ExistingApp.Tools;

internal sealed class CustomerTools(ICustomerRepository customers) : ICustomerTools
{
    public async Task<string> SendEmailAsync(string customerId, string subject, string body) =>
        await customers.FindAsync(customerId) is { } customer
            ? $"sent \"{subject}\" to {customer.Email}"
            : throw new InvalidOperationException($"Customer {customerId} was not found.");
}
