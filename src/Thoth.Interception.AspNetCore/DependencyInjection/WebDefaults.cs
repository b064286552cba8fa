using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Thoth.Interception.AspNetCore.DependencyInjection;

/// <summary>Sets the defaults of web applications, below configuration, environment variables and delegates.</summary>
internal sealed class WebDefaults(IServiceProvider services) : IConfigureOptions<ThothOptions>
{
    public void Configure(ThothOptions options)
    {
        options.RequireSession = true;
        options.StepUp.Mode = StepUpMode.Throw;
        if (services.GetService<IHostEnvironment>() is { } host && !host.IsProduction())
        {
            options.Environment = host.EnvironmentName;
        }
    }
}

/// <summary>Reads the package's section of the host's configuration; an unknown key in it is an error.</summary>
internal sealed class AspNetCoreOptionsSetup(IServiceProvider services) : IConfigureOptions<ThothAspNetCoreOptions>
{
    public void Configure(ThothAspNetCoreOptions options) => services.GetService<IConfiguration>()?
        .GetSection(ThothAspNetCoreOptions.SectionName).Bind(options, static binder => binder.ErrorOnUnknownConfiguration = true);
}
