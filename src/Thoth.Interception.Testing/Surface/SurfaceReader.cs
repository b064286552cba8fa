using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Interception;

namespace Thoth.Interception.Testing.Surface;

/// <summary>Reads the tool surface from a catalogue: every line is a fact that a person can review.</summary>
internal static class SurfaceReader
{
    private const string Around = "Without governance";

    public static IReadOnlyList<SurfaceEntry> Read(IToolCatalog catalog) =>
    [
        .. catalog.Tools.Select(Tool).Distinct()
            .OrderBy(static entry => entry.Heading, StringComparer.Ordinal).ThenBy(static entry => entry.Text, StringComparer.Ordinal),
        .. WaysAround(catalog).Distinct().Order(StringComparer.Ordinal).Select(static text => new SurfaceEntry(Around, text)),
    ];

    private static SurfaceEntry Tool(CatalogedTool tool)
    {
        var key = tool.ServiceKey switch
        {
            null => "",
            var any when Equals(any, KeyedService.AnyKey) => " [any key]",
            var other => $" [key {Quoted(other.ToString())}]",
        };
        return new(
            $"{tool.Name} ({tool.Action})",
            $"{SurfaceTypeName.Of(tool.Interface)}.{NameOf(tool.Method)}({string.Join(", ", tool.Parameters.Select(Parameter))}){key}");
    }

    private static string Parameter(CatalogedParameter parameter) =>
        $"{SurfaceTypeName.Of(parameter.Type)} {parameter.Name}{(parameter.IsMasked ? " [masked]" : "")}{(parameter.GoesToEnforcer ? "" : " [not evaluated]")}";

    private static IEnumerable<string> WaysAround(IToolCatalog catalog)
    {
        foreach (var tools in catalog.Tools.GroupBy(static tool => tool.Interface))
        {
            foreach (var method in ProxyRules.MethodsOf(tools.Key, BindingFlags.Instance))
            {
                if (method.IsVirtual && !ProxyRules.IsTool(method) && !ProxyRules.IsDisposal(method))
                {
                    yield return $"member {SurfaceTypeName.Of(tools.Key)}.{NameOf(method)}"
                        + $"({string.Join(", ", method.GetParameters().Select(static parameter => SurfaceTypeName.Of(parameter.ParameterType)))})";
                }
            }

            if (tools.First().Coverage is not ToolCoverage.Throw and var coverage)
            {
                yield return $"coverage of {SurfaceTypeName.Of(tools.Key)}: {coverage}";
            }
        }

        foreach (var finding in catalog.Findings)
        {
            yield return Finding("found", finding);
        }

        foreach (var finding in catalog.Allowed)
        {
            yield return $"{Finding("allowed", finding)}, because {Quoted(finding.AllowedReason)}";
        }
    }

    private static string Finding(string verb, CoverageFinding finding) =>
        $"{verb} {finding.Kind}: {SurfaceTypeName.Of(finding.ServiceType)}{(finding.ServiceKey is null ? "" : $" [key {Quoted(finding.ServiceKey.ToString())}]")}"
            + $" leads to {SurfaceTypeName.Of(finding.Interface)}";

    private static string NameOf(MethodInfo method) => method.IsGenericMethodDefinition
        ? $"{method.Name}<{string.Join(", ", method.GetGenericArguments().Select(static argument => argument.Name))}>"
        : method.Name;

    /// <summary>Quotes a free text, so that it cannot look like another line.</summary>
    private static string Quoted(string? text) => JsonSerializer.Serialize(text);
}
