namespace Thoth.Enforcer.Page.Approvals;

/// <summary>
/// The names of arguments whose texts and numbers pages mask until a person asks for them. SDKs do not mark sensitive arguments, so
/// the name decides. It decides about a value of its own only: a caller could otherwise hide a whole object or list by its name.
/// </summary>
internal static class SensitiveNames
{
    private static readonly string[] s_parts =
    [
        "password", "passwd", "passphrase", "secret", "apikey", "accesskey", "privatekey", "authorization", "credential", "cookie",
        "bearer", "accesstoken", "refreshtoken", "idtoken", "authtoken", "sessiontoken", "cardnumber", "creditcard", "socialsecurity",
    ];

    private static readonly string[] s_names = ["token", "pwd", "ssn", "pin", "cvv", "cvc", "otp", "iban"];

    public static bool Include(string name)
    {
        var letters = string.Concat(name.Where(char.IsLetter)).ToLowerInvariant();
        return s_names.Contains(letters, StringComparer.Ordinal)
            || Array.Exists(s_parts, part => letters.Contains(part, StringComparison.Ordinal));
    }
}
