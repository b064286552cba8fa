using ExistingApp.Domain;

namespace ExistingApp.Data;

internal sealed class Customers : ICustomerRepository
{
    private static readonly Customer s_ada = new("C-7", "Ada", "ada@acme.example");

    public Task<Customer?> FindAsync(string id) => Task.FromResult(id == s_ada.Id ? s_ada : null);
}
