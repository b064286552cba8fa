using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Thoth.Interception;
using Thoth.Interception.DependencyInjection;

namespace Thoth.Conformance.Library;

/// <summary>What a case configures: options in code, a mode as text, and environment variables.</summary>
internal sealed class VectorSetup
{
    /// <summary>Set by code, which wins over everything else.</summary>
    public Action<ThothOptions> Configure { get; init; } = _ => { };

    /// <summary>The mode as the case writes it.</summary>
    public string? Mode { get; init; }

    /// <summary>The variables of the environment. Those of the test's own process play no part.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Where given, events go here as well as to the server.</summary>
    public VectorSink? Sink { get; init; }

    public VectorLogs Logs { get; init; } = new();

    /// <summary>Counts the requests that the library makes, whether or not a server gets them.</summary>
    public VectorRequests Requests { get; init; } = new();

    /// <summary>A host as an application builds it, without what it would take from this process's own surroundings.</summary>
    public IHost Build()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Logs);

        // The one internal seam: a process has one environment only, and tests share it.
        builder.Services.AddSingleton(new ThothEnvironment(Environment.GetValueOrDefault));
        var thoth = builder.Services.AddThoth(options =>
        {
            Configure(options);
            if (Mode is not null && VectorOptions.IsTyped(Mode))
            {
                options.Enforcement = VectorOptions.ModeOf(Mode);
            }
        });
        if (Mode is not null && !VectorOptions.IsTyped(Mode))
        {
            var section = new Dictionary<string, string?> { [$"{ThothOptions.SectionName}:{nameof(ThothOptions.Enforcement)}"] = Mode };
            builder.Services.AddThoth(new ConfigurationBuilder().AddInMemoryCollection(section).Build());
        }

        thoth.ConfigureHttpClientBuilder(http => http.AddHttpMessageHandler(() => new VectorRequests.Handler(Requests)));
        if (Sink is not null)
        {
            thoth.AddEventSink(Sink);
        }

        return builder.Build();
    }
}
