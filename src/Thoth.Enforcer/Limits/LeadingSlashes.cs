namespace Thoth.Enforcer.Limits;

/// <summary>
/// Removes repeated slashes before a path of the API. An SDK that joins an address with a slash at its end and a path sends
/// <c>//v1/enforce</c>.
/// </summary>
internal sealed class LeadingSlashes(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path.Value is ['/', '/', ..] path && path.TrimStart('/') is var rest && IsOfTheApi(rest))
        {
            context.Request.Path = "/" + rest;
        }

        return next(context);
    }

    private static bool IsOfTheApi(string path) => path.StartsWith("v1/", StringComparison.Ordinal) || path is "health";
}
