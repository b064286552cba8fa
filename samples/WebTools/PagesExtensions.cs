namespace WebTools;

/// <summary>Serves the pages.</summary>
internal static class PagesExtensions
{
    private const string ContentSecurity =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Serves the folder <c>wwwroot</c>. Pages load what this application has and nothing else, and no page can frame them.</summary>
    public static void UsePages(this WebApplication app)
    {
        app.Use((context, next) =>
        {
            context.Response.Headers.ContentSecurityPolicy = ContentSecurity;
            context.Response.Headers.XContentTypeOptions = "nosniff";
            return next(context);
        });
        app.UseDefaultFiles().UseStaticFiles();
    }
}
