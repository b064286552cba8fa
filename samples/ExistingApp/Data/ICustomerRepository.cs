using ExistingApp.Domain;

namespace ExistingApp.Data;

public interface ICustomerRepository
{
    Task<Customer?> FindAsync(string id);
}
