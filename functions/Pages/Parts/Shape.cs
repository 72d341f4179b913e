namespace Watchdesk.Pages.Parts;

/// <summary>Small pictures that differ in form, so that nothing is told by colour alone.</summary>
public enum Shape
{
    Triangle,
    Diamond,
    Check,
    Ring,
    Bars,
    Desk,
}
