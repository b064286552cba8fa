using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Thoth.Interception;
using Thoth.Interception.AspNetCore;
using Thoth.Interception.AspNetCore.HeldCalls;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Makes held calls tickets that any machine of a web farm can resume.</summary>
public static class HeldCallTicketBuilderExtensions
{
    /// <summary>
    /// Makes the id of a held call a ticket: the call itself, encrypted with ASP.NET Core Data Protection. Any machine with the same keys
    /// can get, peek at and resume it; no machine stores it.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    /// <remarks>
    /// The machines share their keys and their application name: <c>AddDataProtection().SetApplicationName(name)</c> with one of the
    /// <c>PersistKeysTo</c> methods. A ticket runs once only if a shared distributed cache is registered or the enforcer binds approvals; the
    /// start fails otherwise, with an <see cref="OptionsValidationException"/>. The last store of held calls that is chosen is used.
    /// </remarks>
    /// <example>
    /// <code>
    /// builder.Services.AddDataProtection().SetApplicationName("shop").PersistKeysToFileSystem(sharedFolder);
    /// builder.Services.AddThoth(builder.Configuration).UseHeldCallTickets(tickets => tickets.EnforcerBindsApprovals = true);
    /// </code>
    /// </example>
    public static IThothBuilder UseHeldCallTickets(this IThothBuilder builder, Action<HeldCallTicketOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddDataProtection();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HeldCallTicketOptions>, HeldCallTicketOptionsRanges>());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HeldCallTicketOptions>, HeldCallTicketOptionsValidator>());
        var options = builder.Services.AddOptions<HeldCallTicketOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        return builder.UseHeldCallStore(static services => new HeldCallTicketStore(
            services.GetRequiredService<IDataProtectionProvider>(),
            HeldCallTicketOptionsValidator.SharedCacheIn(services),
            services.GetRequiredService<IOptions<HeldCallTicketOptions>>().Value,
            services.GetRequiredService<TimeProvider>()));
    }
}
