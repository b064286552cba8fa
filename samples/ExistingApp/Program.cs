using ExistingApp;
using ExistingApp.Tools;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;
using Thoth.Interception;

if (args.Except(["--coverage", "--bypass"]).FirstOrDefault() is { } unknown)
{
    await Console.Error.WriteLineAsync(
        $"""
        Unknown argument '{unknown}'. Usage: dotnet run --project samples/ExistingApp -- [--coverage] [--bypass]
          --coverage   print each governed tool, and whether it can be reached ungoverned
          --bypass     register the tools again, ungoverned: the application does not start
        """);
    return 2;
}

var console = Screen.Open();
var services = new ServiceCollection();
services.AddSingleton(console);
services.AddShop();

// Governance is added here. The other files of the application do not know about it.
services.AddThoth(options =>
{
    options.TenantId = "acme";
    options.AgentId = "support-agent";
}).UseLocalPolicy("thoth.policy.json");
services.AddGovernedTools(type => type.Name.EndsWith("Tools"));

if (args.Contains("--bypass"))
{
    // A later commit or a package may add such registrations by mistake.
    services.AddScoped<RefundTools>();
    services.AddScoped<IOrderTools, OrderTools>();
}

await using var provider = services.BuildServiceProvider();
if (args.Contains("--coverage"))
{
    return PrintCoverage(provider.GetRequiredService<IToolCatalog>());
}

try
{
    await using var scope = provider.CreateAsyncScope();
    await scope.ServiceProvider.GetRequiredService<Agent>().WorkAsync();
    return 0;
}
catch (ToolCoverageException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}

int PrintCoverage(IToolCatalog catalog)
{
    var table = Screen.Table("Tool", "Interface", "Implementation", "Lifetime", "Key", "Action", "Parameters");
    foreach (var tool in catalog.Tools)
    {
        table.AddRow(
            [
                .. ((string[])
                [
                    tool.Name, tool.Interface.Name, tool.Implementation?.Name ?? "(created by a factory)", $"{tool.Lifetime}", $"{tool.ServiceKey}",
                    $"{tool.Action}", string.Join(", ", tool.Parameters.Select(Parameter)),
                ]).Select(Markup.Escape),
            ]);
    }

    console.Write(table);
    foreach (var allowed in catalog.Allowed)
    {
        console.MarkupLineInterpolated($"[yellow]Allowed: {allowed.ServiceType.Name}, because {allowed.AllowedReason}[/]");
    }

    foreach (var finding in catalog.Findings)
    {
        console.MarkupLineInterpolated($"[red]{finding.Message}[/]");
    }

    console.MarkupLine(catalog.Findings.Count == 0
        ? $"[green]All {catalog.Tools.Count} tools are governed, and no way around was found.[/]"
        : $"[red]{catalog.Findings.Count} ways around governance: the application would not start.[/]");
    return catalog.Findings.Count == 0 ? 0 : 1;
}

static string Parameter(CatalogedParameter parameter) =>
    parameter.Name + (parameter.IsMasked ? " (masked)" : parameter.GoesToEnforcer ? "" : " (not shown)");
