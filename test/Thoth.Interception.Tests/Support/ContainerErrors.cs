using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.Tests.Support;

/// <summary>What the container says when it validates everything at once.</summary>
internal static partial class ContainerErrors
{
    public static ServiceProviderOptions Strict { get; } = new() { ValidateOnBuild = true, ValidateScopes = true };

    /// <summary>The causes, in their order, without what tells a proxy's type from the implementation's; empty where there are none.</summary>
    public static string[] Of(IServiceCollection services)
    {
        try
        {
            services.BuildServiceProvider(Strict).Dispose();
            return [];
        }
        catch (AggregateException exception)
        {
            return [.. exception.InnerExceptions.Select(inner => Plain(inner.GetBaseException().Message))];
        }
    }

    private static string Plain(string message) =>
        Ordinal().Replace(Interceptor().Replace(message, ""), "").Replace('+', '.').Replace("Governed.", "")
            .Replace("`1<", "<").Replace("`1[", "<").Replace("]'", ">'").Replace("<System.Int32>", "<int>");

    [GeneratedRegex(@"Thoth\.Interception\.Interception\.ProxyInterceptor`1\[[^\]]*\](, )?")]
    private static partial Regex Interceptor();

    [GeneratedRegex(@" \(\d+\)")]
    private static partial Regex Ordinal();
}
