using System.Reflection;

namespace Thoth.Enforcer.Page.Layout;

/// <summary>The style sheet, the script and the icon. They are resources of the assembly, so the page needs no folder and no other server.</summary>
internal static class PageAssets
{
    public const string Style = "/assets/enforcer.css";
    public const string Script = "/assets/enforcer.js";
    public const string Icon = "/assets/enforcer.svg";

    public static void MapAssets(this IEndpointRouteBuilder routes)
    {
        Map(routes, Style, "text/css; charset=utf-8");
        Map(routes, Script, "text/javascript; charset=utf-8");
        Map(routes, Icon, "image/svg+xml");
    }

    private static void Map(IEndpointRouteBuilder routes, string path, string type)
    {
        var bytes = Read(path.Split('/')[^1]);
        routes.MapGet(path, () => Results.Bytes(bytes, type)).ExcludeFromDescription();
    }

    private static byte[] Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
