using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Thoth.Interception.AspNetCore.HeldCalls;

/// <summary>Validates the ranges that the attributes of the options state.</summary>
[OptionsValidator]
internal sealed partial class HeldCallTicketOptionsRanges : IValidateOptions<HeldCallTicketOptions>;

/// <summary>Validates that a used ticket is known on every machine.</summary>
internal sealed class HeldCallTicketOptionsValidator(IServiceProvider services) : IValidateOptions<HeldCallTicketOptions>
{
    public ValidateOptionsResult Validate(string? name, HeldCallTicketOptions options) =>
        options.EnforcerBindsApprovals || SharedCacheIn(services) is not null
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                "A ticket of a held call could be used on several machines: no machine knows what another one has run. Register a distributed cache "
                + "that all machines share, such as AddStackExchangeRedisCache, or set HeldCallTicketOptions.EnforcerBindsApprovals if the enforcer "
                + "gives an approval to one nonce only, as Thoth.Enforcer does.");

    /// <summary>Gets the distributed cache. The one in memory is not shared, whatever its name says.</summary>
    public static IDistributedCache? SharedCacheIn(IServiceProvider services) =>
        services.GetService<IDistributedCache>() is { } cache and not MemoryDistributedCache ? cache : null;
}
