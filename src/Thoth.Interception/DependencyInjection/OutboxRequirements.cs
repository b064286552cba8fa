using Microsoft.Extensions.Options;

namespace Thoth.Interception.DependencyInjection;

/// <summary>Requires the URL of the Thoth API if an outbox is used, which a test does not.</summary>
internal sealed class OutboxRequirements(IEnumerable<TestReplacement> tests) : IValidateOptions<ThothOptions>
{
    public ValidateOptionsResult Validate(string? name, ThothOptions options) => options.ApiUrl is not null || tests.Any()
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail(
            "The outbox has no API to send events to. Set ThothOptions.ApiUrl, Thoth:ApiUrl or THOTH_API_URL, or remove the outbox, such as UseSqliteOutbox.");
}
