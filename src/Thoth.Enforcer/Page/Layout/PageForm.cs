using Microsoft.AspNetCore.Antiforgery;
using Thoth.Enforcer.Errors;

namespace Thoth.Enforcer.Page.Layout;

/// <summary>Reads a form that this server's page sent; others are rejected.</summary>
internal static class PageForm
{
    /// <exception cref="ApiException">The body is not a form, is too large, or has no valid anti-forgery token.</exception>
    public static async Task<IFormCollection> ReadAsync(HttpContext context, IAntiforgery antiforgery)
    {
        if (!context.Request.HasFormContentType)
        {
            throw new ApiException(StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", "The body must be a form.");
        }

        try
        {
            await antiforgery.ValidateRequestAsync(context);
            return await context.Request.ReadFormAsync(context.RequestAborted);
        }
        catch (AntiforgeryValidationException)
        {
            throw ApiException.Malformed("The form is not from this page, or is too old. Load the page again.");
        }
        catch (InvalidDataException)
        {
            throw ApiException.Malformed("The form is too large.");
        }
    }
}
