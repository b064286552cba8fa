using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Thoth.Interception.AspNetCore.HeldCalls;

/// <summary>Makes and opens tickets: held calls that are encrypted and authenticated with ASP.NET Core Data Protection.</summary>
internal sealed class HeldCallTicket(IDataProtectionProvider protection)
{
    private readonly IDataProtector _ticket = protection.CreateProtector("Thoth.Interception.AspNetCore.HeldCall", "ticket", "v1");
    private readonly IDataProtector _state = protection.CreateProtector("Thoth.Interception.AspNetCore.HeldCall", "state", "v1");

    /// <summary>Makes the ticket of a call: text in characters of a URL.</summary>
    public string Make(HeldCallEntry entry) => Base64Url.EncodeToString(_ticket.Protect(HeldCallFormat.Write(entry)));

    /// <summary>Opens a ticket.</summary>
    /// <returns>The call with the id that it had before it got a ticket; <see langword="null"/> if the text is not a ticket of this application.</returns>
    public HeldCallEntry? Open(string ticket)
    {
        // Two texts of the same bytes are not one ticket: what is stored under the text would not be found.
        return Decode(ticket) is { } bytes && Base64Url.EncodeToString(bytes) == ticket ? Open(_ticket, bytes) : null;
    }

    /// <summary>Protects a later version of a call, for a cache that machines share.</summary>
    public byte[] ProtectState(HeldCallEntry entry) => _state.Protect(HeldCallFormat.Write(entry));

    public HeldCallEntry? OpenState(byte[] state) => Open(_state, state);

    private static byte[]? Decode(string text)
    {
        try
        {
            return Base64Url.DecodeFromChars(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static HeldCallEntry? Open(IDataProtector protector, byte[] bytes)
    {
        try
        {
            return HeldCallFormat.Read(protector.Unprotect(bytes));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
